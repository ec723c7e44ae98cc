import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("Bad input is refused before anything is started", .serialized)
struct BadInputTests {
    private func refuses(_ arguments: [String], code: Int32, saying words: String...) async throws {
        try await withLab { pandacap, folder in
            let output = try await Tool(Pandacap.program.string).output(
                arguments,
                environment: ["PANDACAP_HOME": pandacap.home.string],
                workingDirectory: folder
            )
            #expect(output.status == .exited(code), "\(output.standardError)")
            for word in words { #expect(output.standardError.contains(word), "\(output.standardError)") }
            #expect(!FileSystem.exists(folder / "traces/runs"))
        }
    }

    @Test("an image that is not there")
    func unknownImage() async throws {
        try await refuses(
            ["record", "nothing", "--", "true"],
            code: 66,
            saying: "nothing",
            "pandacap image build"
        )
        try await refuses(["record", "../tiny", "--", "true"], code: 64, saying: "../tiny")
    }

    @Test("neither a command nor --login, or both")
    func trigger() async throws {
        try await refuses(["record", "tiny"], code: 64, saying: "--login")
        try await refuses(["record", "tiny", "--login", "--", "true"], code: 64, saying: "takes no command")
    }

    @Test("memory that is no size, too little or too much")
    func memory() async throws {
        try await refuses(["record", "tiny", "-m", "lots", "--", "true"], code: 64, saying: "lots")
        try await refuses(["record", "tiny", "-m", "1M", "--", "true"], code: 64, saying: "16M or more")
        try await refuses(["record", "tiny", "-m", "9000G", "--", "true"], code: 64, saying: "does not fit")
    }

    @Test("plugins that the engine does not have, or that cannot be loaded")
    func plugins() async throws {
        try await refuses(
            ["record", "tiny", "--plugin", "nonesuch", "--", "true"],
            code: 69,
            saying: "no plugin 'nonesuch'"
        )
        try await refuses(
            ["record", "tiny", "--plugin", "snake_hook", "--", "true"],
            code: 69,
            saying: "libpython3.8.so.1.0"
        )
    }

    @Test("a port that is taken")
    func port() async throws {
        try await withTakenPort { port in
            try await refuses(
                ["record", "tiny", "--port-fwd", "ssh:\(port)", "--", "true"],
                code: 69,
                saying: "port \(port) at 127.0.0.1 is taken"
            )
        }
        try await refuses(
            ["record", "tiny", "--port-fwd", "ssh:22:h", "--", "true"],
            code: 64,
            saying: "scope 'h'"
        )
    }

    @Test("a run of that name that is there already")
    func runExists() async throws {
        try await withLab { pandacap, folder in
            try FileSystem.createDirectory(folder / "runs/mine")
            let output = try await pandacap(
                "record",
                "tiny",
                "-o",
                folder.string,
                "--run-id",
                "mine",
                "--",
                "true"
            )
            #expect(output.status == .exited(73))
            #expect(output.standardError.contains("there is a run 'mine'"))
            let escape = try await pandacap(
                "record",
                "tiny",
                "-o",
                folder.string,
                "--run-id",
                "../x",
                "--",
                "true"
            )
            #expect(escape.status == .exited(64))
        }
    }

    @Test("no engine, an unfinished install of one, and a program that is no PANDA")
    func engine() async throws {
        try await withLab { pandacap, folder in
            try FileSystem.createDirectory(folder / "home/engines/pandare-0.1.1.5.partial/lib")
            try FileSystem.createDirectory(folder / "home/images")
            try await Tool("cp").run([
                "-r", (pandacap.home / "images/tiny").string, (folder / "home/images").string,
            ])
            var bare = Pandacap(home: folder / "home")
            let output = try await bare("record", "tiny", "-o", folder.string, "--", "true")
            #expect(output.status == .exited(69))
            #expect(output.standardError.contains("an install was not finished"))
            #expect(output.standardError.contains("pandacap engine install"))
            let program = folder / "bin/panda-system-x86_64"
            try FileSystem.createDirectory(program.parent)
            try FileSystem.write("#!/bin/sh\necho 'QEMU emulator version 7.2.22'\n", to: program, mode: 0o755)
            bare.environment = ["PANDA_PATH": folder.string]
            let stock = try await bare("engine", "show")
            #expect(stock.status == .exited(69))
            #expect(stock.standardError.contains("is not PANDA"))
        }
    }
}

/// A TCP port of the loopback address that somebody holds.
func withTakenPort(_ body: (UInt16) async throws -> Void) async throws {
    try await withScratch { folder in
        let port = try HostPort.choose()
        let holder = LaunchCommand(
            executable: try Tool("python3").located(),
            arguments: ["-m", "http.server", "--bind", "127.0.0.1", "\(port)"],
            workingDirectory: folder
        )
        _ = try await ChildProcess.run(holder, log: folder / "log") { _ in
            _ = try await poll(for: .seconds(20)) {
                HostPort.isFree(port, address: "127.0.0.1") ? nil : true
            }
            try await body(port)
        }
    }
}
