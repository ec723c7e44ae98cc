import Foundation
import Glibc
import HostSupport
import PandaEngine
import RunRecords
import TestSupport
import Testing

@Suite("An engine that a guest took over gains little", .serialized)
struct ContainmentTests {
    /// What an engine may do, whatever it is.
    private static let rightful: Set = [
        "read-kernel", "write-here", "write-console", "make-thread", "take-machine-memory", "fill-small-file",
        "unix-socket",
    ]

    @Test("it gets at nothing that is not its own")
    func hostileEngine() async throws {
        let version = try #require(try await Launcher.confinementVersion())
        try await withLab { pandacap, folder in
            let runs = folder / "traces/runs"
            for path in [folder / "home/.ssh", runs / "other", folder / "bin/panda/plugins"] {
                try FileSystem.createDirectory(path)
            }
            try FileSystem.write("secret", to: folder / "home/.ssh/id_ed25519", mode: 0o644)
            try FileSystem.write("{}", to: runs / "other/run.json", mode: 0o644)
            try FileSystem.write("", to: folder / "bin/panda/plugins/panda_recctrl.so")
            let listener = try AbstractListener()
            let words = [
                "OTHER_RUN": "\"\(runs)/other/run.json\"", "KEY": "\"\(folder)/home/.ssh/id_ed25519\"",
                "HOME_FOLDER": "\"\(folder)/home\"", "RUNS": "\"\(runs)\"",
                "OUTSIDE": "\"\(folder)/outside\"",
                "VICTIM": "\(getpid())", "PORT": "\(try HostPort.choose())",
                "ABSTRACT": "\"\(listener.name)\"",
                "KERNEL": "\"\(pandacap.home)/images/tiny-i386/vmlinuz\"",
            ]
            let fixtures = HostPath(#filePath).parent / "Fixtures"
            let program = folder / "bin/panda-system-i386"
            try await Tool("gcc").run(
                ["-Wall", "-Wextra", "-Werror", "-O1", "-o", program.string]
                    + words.map { "-D\($0.key)=\($0.value)" } + [
                        (fixtures / "hostile-engine.c").string, "-pthread",
                    ]
            )
            let output = try await pandacap(
                "record",
                "tiny-i386",
                "--cold",
                "--engine",
                program.string,
                "-o",
                "\(folder)/traces",
                "--run-id",
                "hostile",
                "--engine-file-size",
                "16M",
                "--",
                "true"
            )
            #expect(output.status != .exited(0))
            let run = RunFolder(runs / "hostile")
            let lines = try FileSystem.readText(run.engineLog).split(separator: "\n").map {
                $0.split(separator: " ")
            }
            let said = Dictionary(
                lines.filter { $0.count == 3 }.map { (String($0[0]), $0[1] == "done") },
                uniquingKeysWith: { first, _ in first }
            )
            #expect(said.count >= 37 && lines.last == ["all", "tried"], "\(lines.last ?? [])")
            for name in Self.rightful { #expect(said[name] == true, "\(name)") }
            // What older kernels cannot keep it from.
            var beyond: Set<String> = []
            if version < 4 { beyond.formUnion(["connect-tcp", "listen"]) }
            if version < 6 { beyond.formUnion(["signal", "connect-abstract"]) }
            for (name, isDone) in said where isDone && !Self.rightful.contains(name) {
                #expect(beyond.contains(name), "\(name) succeeded")
            }
            #expect(!FileSystem.exists(folder / "outside") && !FileSystem.exists(run.path / "escape"))
            let record = try RunRecord.read(from: run)
            #expect(record.state == .failed && record.containment?.kind == .landlock)
            #expect(record.containment?.confined.contains(.calls) == true)
            #expect(record.containment?.fileSize == .mebibytes(16))
        }
    }

    @Test("what plugins are told to read, they can")
    func plugins() async throws {
        try await withLab { pandacap, folder in
            let image = try await ResumedGuest.shared.name()
            let recorded = try await pandacap(
                "record",
                image,
                "-o",
                "\(folder)/traces",
                "--run-id",
                "r",
                "--no-verify",
                "--",
                "uname"
            )
            #expect(recorded.status == .exited(0), "\(recorded.standardError)")
            let secret = folder / "elsewhere"
            try FileSystem.write("x", to: secret)
            let plan = try await pandacap(
                "replay",
                "\(folder)/traces/runs/r",
                "--plugin",
                "coverage:mode=asid-block,filename=c.csv,other=\(secret)",
                "--allow-read",
                "\(pandacap.home)/images",
                "--output",
                "\(folder)/out",
                "--dry-run"
            )
            #expect(plan.standardOutput.contains("--readable \(secret) "))
            #expect(plan.standardOutput.contains("--readable \(pandacap.home)/images "))
            #expect(!plan.standardOutput.contains("memory="), "\(plan.standardOutput)")
            let replayed = try await pandacap(
                "replay",
                "\(folder)/traces/runs/r",
                "--plugin",
                "coverage:mode=asid-block,filename=c.csv",
                "--output",
                "\(folder)/out"
            )
            #expect(replayed.status == .exited(0), "\(replayed.standardOutput)\(replayed.standardError)")
            #expect(FileSystem.exists(folder / "out/c.csv"))
        }
    }
}

/// Somebody who listens at an abstract socket, as an X server does.
private final class AbstractListener {
    /// The socket's name with an `@` in the place of its zero.
    let name = "@pandacap-test-\(getpid())"
    private let handle = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)

    init() throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) {
            $0.dropFirst().copyBytes(from: name.utf8.dropFirst())
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.utf8.count)
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(handle, $0, length) == 0 }
        }
        try #require(isBound && listen(handle, 1) == 0)
    }

    deinit { close(handle) }
}
