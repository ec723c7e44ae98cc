import Foundation
import HostSupport
import TestSupport
import Testing

@Suite("A container in front of a guest", .serialized)
struct AsciinemaTests {
    @Test(
        "leads visitors on to the guest and keeps their sessions as casts; what they ask for runs in the guest alone",
        .enabled(if: geteuid() == 0, "only root may mount a container's folders")
    )
    func visits() async throws {
        try await withScratch { folder in
            try await render("ssh-honeypot-alt", in: folder)
            for name in ["results", "rr"] { try FileSystem.createDirectory(folder / name) }
            _ = chmod((folder / "rr").string, 0o777)
            let fixtures = try Installation.locate().root / "Tests/EndToEndTests/Fixtures"
            try await Tool("cp").run([(fixtures / "visits.sh").string, folder.string])
            let output = try await Tool("unshare").output([
                "--mount", "--net", "--pid", "--fork", "--kill-child", "sh",
                (fixtures / "container.sh").string, try await ContainerRoot.shared.ready().string,
                folder.string,
            ])
            #expect(output.status == .exited(0), "\(output.standardOutput) \(output.standardError)")
            let results = Visits(folder: folder / "results")
            #expect(results.said("done") == "done\n", "\(results.said("bootstrap")) \(output.standardError)")
            checkCommands(results)
            checkBytes(results)
            try checkCasts(in: folder / "rr", results)
        }
    }

    private func checkCommands(_ results: Visits) {
        #expect(results.said("command") == "guest\nguest\n" && results.status("command") == 5)
        #expect(results.complained("command").contains("Shell server"), "the banner")
        #expect(results.complained("quiet") == "wrong\n")
        #expect(results.said("root") == "guest\nroot\n")
        #expect(results.status("stranger") != 0 && results.said("stranger").isEmpty)
        #expect(results.said("injection") == " it's   quoted\n")
        #expect(results.said("bytes").hasSuffix("\nguest\n"))
        #expect(results.said("term") == "<dumb>\r\n")
        let files = results.said("tmp").split(separator: "\n")
        #expect(files.contains("injected-guest") && files.contains("sftp-guest"))
        #expect(!files.contains { ["injected-", "sftp-", "option", "term"].contains($0) }, "\(files)")
        #expect(results.status("terminal") == 3 && results.said("terminal").hasSuffix("\r\n20000\r\n"))
        #expect(results.status("shell") == 6 && results.said("shell").contains("x42\r\n"))
        #expect(results.said("gone").isEmpty, "\(results.said("gone"))")
        #expect(results.status("uncast") == 4 && results.status("uncast-terminal") == 4)
    }

    private func checkBytes(_ results: Visits) {
        #expect(results.read("pipe.same") == "same\n")
        #expect(
            results.said("sftp") == "-s sftp\nsftp-server\n/usr/lib/openssh/sftp-server\n",
            "\(results.complained("sftp"))"
        )
    }

    private func checkCasts(in folder: HostPath, _ results: Visits) throws {
        let casts = try FileSystem.list(folder).map { name in
            #expect(name.hasPrefix("it's a cast-") && name.hasSuffix(".cast"))
            return try Cast(FileSystem.readText(folder / name))
        }
        #expect(casts.allSatisfy { $0.title == #"A "title""# && $0.width > 0 })
        func shown(_ command: String) -> String? { casts.first { $0.command == command }?.shown }
        let command = shown(#"'echo "$PLACE"; id -un; echo wrong >&2; exit 5'"#)
        // Of two streams nobody knows which comes first.
        #expect(command?.contains("guest\r\n") == true, "\(command ?? "")")
        #expect(command?.contains("wrong\r\n") == true, "\(command ?? "")")
        #expect(shown("'tty; seq 1 20000; exit 3'")?.hasSuffix("\r\n20000\r\n") == true)
        #expect(shown("")?.contains("unpaused") == true, "no key of a visitor's pauses the recording")
        #expect(shown(#"$'echo \377; echo "$PLACE"'"#)?.contains("guest") == true)
        #expect(!casts.contains { $0.command == "sftp-server" })
        #expect(casts.filter { $0.shown.hasPrefix("here") }.count == 2, "visitors who went away")
        // Root writes wherever it likes.
        #expect(results.read("casts.before") == results.read("casts.after"))
    }

    /// The container's side of a bundle, at `bundle`.
    private func render(_ name: String, in folder: HostPath) async throws {
        let settings = [
            "VM_USER=guest", "VM_SSH_PORT=10000", "PANDA_PATH=/opt/panda", "DOCKER_USER=visitor",
            "DOCKER_USER_GROUP=visitor", "DOCKER_USER_UID=1500", "DOCKER_USER_GID=1500",
            "ASCIINEMA_CAST_PREFIX=it's a cast", #"ASCIINEMA_TITLE=A "title""#,
        ]
        try await Tool(Pandacap.program.string).run(
            ["bootstrap", "render", name, "--out", (folder / "run").string]
                + settings.flatMap { ["--set", $0] }
        )
        try FileSystem.rename(folder / "run/docker", to: folder / "bundle")
    }
}

/// What visitors were told.
private struct Visits {
    let folder: HostPath

    func said(_ name: String) -> String { read("\(name).out") }
    func complained(_ name: String) -> String { read("\(name).err") }
    func status(_ name: String) -> Int? { Int(read("\(name).status").dropLast()) }

    func read(_ file: String) -> String {
        let data = FileManager.default.contents(atPath: (folder / file).string) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }
}

/// An asciinema cast: a line with its heading, then one for each piece of what was shown.
private struct Cast {
    let title: String?
    let command: String?
    let width: Int
    let shown: String

    init(_ text: String) throws {
        let lines = try text.split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8))
        }
        let heading = try #require(lines.first as? [String: Any])
        title = heading["title"] as? String
        width = heading["width"] as? Int ?? 0
        command = (heading["env"] as? [String: Any])?["COMMAND"] as? String
        shown = lines.dropFirst().compactMap { ($0 as? [Any])?.last as? String }.joined()
    }
}

/// The files of a container with an SSH server and asciinema, made once.
private actor ContainerRoot {
    static let shared = ContainerRoot()

    private var preparation: Task<HostPath, any Error>?

    func ready() async throws -> HostPath {
        let task = preparation ?? Task { try await Self.make() }
        preparation = task
        return try await task.value
    }

    private static func make() async throws -> HostPath {
        let root = try Installation.locate().root / ".build/lab/container"
        if FileSystem.exists(root) { return root }
        let unfinished = root.parent / "container-\(UUID().uuidString.prefix(8))"
        try FileSystem.createDirectory(root.parent)
        try await Tool("mmdebstrap", package: "mmdebstrap").run([
            "--quiet", "--variant=minbase",
            "--include=asciinema,iproute2,openssh-client,openssh-server,procps,sshpass", "bookworm",
            unfinished.string,
        ])
        try FileSystem.rename(unfinished, to: root)
        return root
    }
}
