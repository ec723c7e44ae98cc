import Capture
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Commands

@Suite struct RecordExitCodeTests {
    /// A run in a state, whose commands had these exit statuses.
    private func record(
        _ state: RunState,
        _ statuses: [Int32?] = [0],
        _ trigger: RunRecord.Trigger = .command
    ) throws
        -> RunRecord
    {
        var record = try plannedRecord("r", trigger: trigger)
        if state == .failed {
            try record.become(.failed)
        } else {
            for step in [RunState.starting, .recording, .recorded] { try record.become(step) }
            if state != .recorded { try record.become(state) }
        }
        record.commands = statuses.map { status in
            var command = RunRecord.GuestCommand(arguments: ["x"])
            command.status = status
            return command
        }
        return record
    }

    private static let endings: [(CaptureEnding, Int32)] = [
        (.sessionFailed(Failure(.timeout, "x")), 75), (.sessionFailed(Failure(.guest, "x")), 76),
        (.guestEnded, 76),
        (.engineDied(.signalled(6)), 71), (.interrupted, 130), (.timeLimit, 75),
        (.diskNearlyFull(free: .mebibytes(1)), 74),
    ]

    @Test func aFinishedRunHasItsCommandsCode() throws {
        for state in [RunState.verified, .recorded] {
            #expect(RecordExitCode.of(try record(state), .finished) == 0)
            #expect(RecordExitCode.of(try record(state, []), .finished) == 0)
            #expect(RecordExitCode.of(try record(state, [0, 3, 4]), .finished) == 3)
            #expect(RecordExitCode.of(try record(state, [nil, 5]), .finished) == 5)
        }
    }

    @Test func aDivergenceComesBeforeAllElse() throws {
        #expect(RecordExitCode.of(try record(.diverged, [3]), .finished) == 80)
        for (ending, _) in Self.endings { #expect(RecordExitCode.of(try record(.diverged), ending) == 80) }
    }

    @Test func anotherEndingHasItsCodeWithATraceAndWithout() throws {
        for (ending, code) in Self.endings {
            #expect(RecordExitCode.of(try record(.verified), ending) == code, "\(ending)")
            #expect(RecordExitCode.of(try record(.failed, []), ending) == code, "\(ending)")
        }
        #expect(RecordExitCode.of(try record(.failed), .finished) == 76, "nothing was recorded")
    }

    @Test func aVisitorEndsALoginAsHeLikes() throws {
        for ending in [CaptureEnding.guestEnded, .timeLimit, .interrupted] {
            #expect(RecordExitCode.of(try record(.verified, [], .login), ending) == 0, "\(ending)")
            // A guest that records without a command of ours is waited for as a visitor is.
            #expect(RecordExitCode.of(try record(.verified, [], .guest), ending) == 0, "\(ending)")
            #expect(RecordExitCode.of(try record(.verified, [nil], .guest), ending) != 0, "\(ending)")
            #expect(RecordExitCode.of(try record(.failed, [], .login), ending) != 0, "\(ending)")
        }
        #expect(RecordExitCode.of(try record(.verified, [], .login), .engineDied(.exited(1))) == 71)
    }

    @Test func aReportNamesWhatIsThereAndDrivesNoTerminal() throws {
        var record = try record(.failed, [nil])
        var recording = Recording(name: "s\u{1B}[2J_000", structure: .damaged)
        recording.log = .init(name: "x", bytes: 2048, sha256: "")
        recording.problem = "the log is cut\u{9B}5m"
        record.recordings = [recording]
        let lines = RunReport(record: record, folder: "/none/a b").printableText.split(separator: "\n")
        #expect(
            lines == [
                "run r: failed", "  folder     /none/a b", "  guest      tiny, i386, 64.0 MiB, command",
                "  command    x: no status came back", "  recording  s?[2J_000: log 2.0 KiB",
                "             the log is cut?5m",
            ]
        )
    }
}
