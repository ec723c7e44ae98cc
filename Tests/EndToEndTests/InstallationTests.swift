import Foundation
import HostSupport
import TestSupport
import Testing

@Suite("What the commands say of themselves is a reference, a manual, and what shells complete")
struct InstallationTests {
    private static let scripts = Result { try Installation.locate().root / "scripts" }

    private func makeReference(_ form: String, in folder: HostPath) async throws {
        try await Tool((Self.scripts.get() / "make-reference").string).run([
            Pandacap.program.string, form, folder.string,
        ])
    }

    @Test("the pages in docs/reference are those that 'make reference' writes")
    func reference() async throws {
        try await withScratch { folder in
            try await makeReference("--markdown", in: folder)
            let written = try Self.scripts.get().parent / "docs/reference"
            #expect(FileSystem.list(folder) == FileSystem.list(written), "run 'make reference'")
            for page in FileSystem.list(folder) {
                #expect(
                    try FileSystem.readText(folder / page) == FileSystem.readText(written / page),
                    "\(page): run 'make reference'"
                )
            }
        }
    }

    @Test(
        "installed, the program has its files, a manual without errors, and completions that know the images"
    )
    func installation() async throws {
        try await withScratch { folder in
            let prefix = folder / "prefix"
            try await Tool((Self.scripts.get() / "install").string).run(
                [prefix.string, Pandacap.program.parent.name],
                workingDirectory: try Self.scripts.get().parent
            )
            let program = Tool((prefix / "bin/pandacap").string)
            try await program.run(["bootstrap", "render", "ssh-honeypot", "--out", (folder / "b").string])
            #expect(FileSystem.exists(folder / "b/vm/bootstrap.sh"))

            let manual = prefix / "share/man/man1"
            let pages = FileSystem.list(manual)
            #expect(pages.contains("pandacap.1") && pages.contains("pandacap-dataset-pack.1"))
            let set = try await Tool("groff", package: "groff-base").output(
                ["-mdoc", "-Tutf8", "-ww", "-z"] + pages.map { (manual / $0).string }
            )
            #expect(set.status == .exited(0) && set.standardError.isEmpty, "\(set.standardError)")

            let images = folder / "home/images"
            for name in ["mine", "other"] {
                try FileSystem.createDirectory(images / name)
                try FileSystem.write("{}", to: images / name / "image.json")
            }
            let completions = prefix / "share/bash-completion/completions/pandacap"
            let ask = """
                . "$1"; cd "$2"; COMP_WORDS=(pandacap $3 "$4"); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
                COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
                _pandacap pandacap "$4" "${COMP_WORDS[COMP_CWORD-1]}"; printf '%s\\n' "${COMPREPLY[@]}"
                """
            try FileSystem.createDirectory(folder / "traces/runs/20260101T000000Z-one")
            func offers(_ before: String, _ typed: String) async throws -> [String] {
                try await Tool("bash").run(
                    ["-c", ask, "ask", completions.string, folder.string, before, typed],
                    environment: [
                        "PANDACAP_HOME": (folder / "home").string, "PATH": "\(prefix)/bin:/usr/bin:/bin",
                    ]
                ).split(whereSeparator: \.isWhitespace).map(String.init)
            }
            #expect(try await offers("dataset", "pa").contains("pack"))
            #expect(try await offers("image show", "") == ["mine", "other"])
            #expect(try await offers("runs show", "2026") == ["20260101T000000Z-one"])
            #expect(try await offers("record", "--ti").contains("--timeout"))
        }
    }
}
