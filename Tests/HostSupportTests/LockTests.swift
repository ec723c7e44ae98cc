import HostSupport
import TestSupport
import Testing

@Suite struct LockTests {
    @Test func aLockHoldsAgainstAnotherProcessUntilItIsReleased() async throws {
        try await withScratch { folder in
            let path = folder / "lock"
            func otherGetsIt() async throws -> Bool {
                try await Tool("flock", package: "util-linux").output(["-n", path.string, "true"]).status
                    == .exited(0)
            }
            var lock: FileLock? = try FileLock(path)
            #expect(try await otherGetsIt() == false)
            withExtendedLifetime(lock) {}
            lock = nil
            #expect(try await otherGetsIt())
            #expect(
                FileSystem.exists(path),
                "the file stays: removing it would let two processes lock two files"
            )
        }
    }

    @Test func itWaitsForAnotherProcess() async throws {
        try await withScratch { folder in
            let path = folder / "lock"
            let command = LaunchCommand(
                executable: try Tool("flock").located(),
                arguments: [path.string, "sh", "-c", "echo held; sleep 0.4; echo left"],
                workingDirectory: folder
            )
            _ = try await ChildProcess.run(command, log: folder / "log") { child in
                _ = try await poll(for: .seconds(5)) { FileSystem.size(folder / "log") == 5 ? true : nil }
                let lock = try FileLock(path)
                #expect(try FileSystem.readText(folder / "log") == "held\nleft\n")
                withExtendedLifetime(lock) {}
                _ = try await child.exit()
            }
        }
    }

    @Test func aLockThatCannotBeMadeIsNamed() async throws {
        try await withScratch { folder in
            let failure = #expect(throws: Failure.self) { try FileLock(folder / "none/lock") }
            #expect(failure?.message.contains("none/lock") == true)
        }
    }
}
