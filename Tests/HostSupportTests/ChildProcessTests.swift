import Glibc
import HostSupport
import TestSupport
import Testing

@Suite struct ChildProcessTests {
    private func shell(_ script: String, in folder: HostPath) throws -> LaunchCommand {
        LaunchCommand(
            executable: try Tool("sh").located(),
            arguments: ["-c", script],
            workingDirectory: folder
        )
    }

    /// Waits until the child has said that its traps are set.
    private func waitForWord(_ word: String, in log: HostPath) async throws {
        let said = try await poll(for: .seconds(5), every: .milliseconds(5)) {
            (try? FileSystem.readText(log))?.contains(word) == true ? true : nil
        }
        try #require(said == true)
    }

    @Test func oneThatEndsByItselfGivesItsCodeAndItsOutput() async throws {
        try await withScratch { folder in
            try FileSystem.write("before\n", to: folder / "out")
            let (result, status) = try await ChildProcess.run(
                try shell("echo out; echo err >&2; exit 5", in: folder),
                log: folder / "out",
                errorLog: folder / "err"
            ) { child in
                let end = try await child.exit()
                #expect(end == .exited(5))
                child.signal(SIGKILL)
                return 42
            }
            #expect(result == 42 && status == .exited(5))
            #expect(try FileSystem.readText(folder / "out") == "before\nout\n", "logs are appended to")
            #expect(try FileSystem.readText(folder / "err") == "err\n")
        }
    }

    @Test func oneThatIsStillThereIsAskedToLeave() async throws {
        try await withScratch { folder in
            let script = "trap 'exit 7' TERM; echo set; while :; do sleep 0.02; done"
            let (_, status) = try await ChildProcess.run(try shell(script, in: folder), log: folder / "log") {
                child in
                try await waitForWord("set", in: folder / "log")
                #expect(try await child.exit(within: .milliseconds(20)) == nil)
            }
            #expect(status == .exited(7))
        }
    }

    @Test func aDeafOneIsKilledAfterItsGrace() async throws {
        try await withScratch { folder in
            let start = ContinuousClock.now
            let script = "trap '' TERM; echo set; while :; do sleep 0.02; done"
            let (_, status) = try await ChildProcess.run(
                try shell(script, in: folder),
                log: folder / "log",
                grace: .milliseconds(300)
            ) { _ in try await waitForWord("set", in: folder / "log") }
            #expect(status == .signalled(SIGKILL))
            #expect(ContinuousClock.now - start > .milliseconds(300))
        }
    }

    @Test func aCancelledTaskLeavesNoProcessBehind() async throws {
        try await withScratch { folder in
            let command = try shell("echo $$; exec sleep 60", in: folder)
            let task = Task {
                try await ChildProcess.run(command, log: folder / "log") { child in
                    _ = try await child.exit()
                }
            }
            try await waitForWord("\n", in: folder / "log")
            let identifier = try #require(Int32(try FileSystem.readText(folder / "log").dropLast()))
            #expect(kill(identifier, 0) == 0)
            #expect(getsid(identifier) == identifier, "Ctrl-C in our terminal does not reach it")
            task.cancel()
            await #expect(throws: (any Error).self) { try await task.value }
            #expect(kill(identifier, 0) == -1 && errno == ESRCH)
        }
    }

    @Test func whatTheBodyThrowsIsThrownAndTheProcessEnded() async throws {
        try await withScratch { folder in
            let command = try shell("exec sleep 60", in: folder)
            let failure = await #expect(throws: Failure.self) {
                try await ChildProcess.run(command, log: folder / "log") { _ in
                    throw Failure(.guest, "no more")
                }
            }
            #expect(failure?.message == "no more")
        }
    }

    @Test func aProgramThatCannotBeStartedIsNamed() async throws {
        try await withScratch { folder in
            try FileSystem.write("not a program", to: folder / "text", mode: 0o644)
            let command = LaunchCommand(executable: folder / "text", arguments: [], workingDirectory: folder)
            let failure = await #expect(throws: Failure.self) {
                try await ChildProcess.run(command, log: folder / "log") { _ = try await $0.exit() }
            }
            #expect(failure?.message == "cannot start \(folder / "text")")
            let log = await #expect(throws: Failure.self) {
                try await ChildProcess.run(command, log: folder / "none/log") { _ in }
            }
            #expect(log?.code == .cannotCreate)
        }
    }
}
