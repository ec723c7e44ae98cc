import Foundation
import Glibc
import HostSupport
import TestSupport
import Testing

@Suite struct SocketTests {
    /// A client of a listener, as a process of its own.
    private func client(_ script: String, of socket: HostPath, in folder: HostPath) throws -> LaunchCommand {
        let program = """
            import hashlib, socket, sys, time
            s = socket.socket(socket.AF_UNIX)
            s.connect(sys.argv[1])
            \(script)
            """
        return LaunchCommand(
            executable: try Tool("python3").located(),
            arguments: ["-c", program, socket.string],
            workingDirectory: folder
        )
    }

    @Test func pathsFitOrAreRefused() async throws {
        try await withScratch { folder in
            let room = UnixListener.longestPath - folder.byteCount - 1
            let longest = folder / String(repeating: "s", count: room)
            let listener = try UnixListener(longest)
            #expect(FileSystem.list(folder) == [longest.name], "the name is not cut")
            withExtendedLifetime(listener) {}
            let failure = #expect(throws: Failure.self) {
                try UnixListener(folder / String(repeating: "s", count: room + 1))
            }
            #expect(failure?.message.contains("108 bytes") == true)
            #expect(failure?.hint != nil)
        }
    }

    @Test func nobodyComes() async throws {
        try await withScratch { folder in
            let listener = try UnixListener(folder / "s")
            #expect(try await listener.accept(within: .milliseconds(50)) == nil)
        }
    }

    @Test func theFileIsGoneWithTheListenerAndAnOldOneIsReplaced() async throws {
        try await withScratch { folder in
            try FileSystem.write("left by a crash", to: folder / "s")
            var listener: UnixListener? = try UnixListener(folder / "s")
            withExtendedLifetime(listener) {}
            #expect(FileSystem.list(folder) == ["s"])
            listener = nil
            #expect(FileSystem.list(folder).isEmpty)
        }
    }

    @Test func aSocketThatCannotBeMadeIsNamed() async throws {
        try await withScratch { folder in
            let failure = #expect(throws: Failure.self) { try UnixListener(folder / "none/s") }
            #expect(failure?.code == .cannotCreate)
            #expect(failure?.message == "cannot make the socket \(folder)/none/s: No such file or directory")
        }
    }

    @Test func bigWritesArriveWhole() async throws {
        try await withScratch { folder in
            let listener = try UnixListener(folder / "s")
            let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            try FileSystem.write(Data(bytes), to: folder / "sent")
            let script = """
                h = hashlib.sha256()
                while True:
                    part = s.recv(10000)
                    if not part: break
                    h.update(part)
                print(h.hexdigest())
                """
            _ = try await ChildProcess.run(
                try client(script, of: folder / "s", in: folder),
                log: folder / "log"
            ) { child in
                let connection = try #require(try await listener.accept(within: .seconds(5)))
                try await connection.write(bytes)
                connection.shutdown()
                #expect(try await child.exit(within: .seconds(5)) == .exited(0))
            }
            #expect(
                try FileSystem.readText(folder / "log") == (try await Digest.sha256(folder / "sent")) + "\n"
            )
        }
    }

    @Test func readingTellsNothingFromGone() async throws {
        try await withScratch { folder in
            let listener = try UnixListener(folder / "s")
            let script = "s.sendall(b'hi'); s.recv(1); s.close()"
            _ = try await ChildProcess.run(
                try client(script, of: folder / "s", in: folder),
                log: folder / "log"
            ) { child in
                let connection = try #require(try await listener.accept(within: .seconds(5)))
                #expect(connection.read() == Array("hi".utf8))
                #expect(connection.readAvailable() == [])
                try await connection.write([0])
                _ = try await child.exit()
                #expect(connection.readAvailable() == nil)
                #expect(connection.read() == nil)
                await #expect(throws: Failure.self) {
                    try await connection.write([0])
                    try await connection.write([0])
                }
            }
        }
    }
}
