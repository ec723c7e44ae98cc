import Capture
import HostSupport
import RunRecords

/// The exit code of `pandacap record`.
enum RecordExitCode {
    /// The code for a run and the way it ended.
    static func of(_ record: RunRecord, _ ending: CaptureEnding) -> Int32 {
        switch record.state {
        case .diverged: Failure.Code.diverged.exitCode
        case .verified, .recorded: withTrace(record, ending)
        case .planned, .starting, .ready, .recording, .failed: withoutTrace(ending)
        }
    }

    private static func withTrace(_ record: RunRecord, _ ending: CaptureEnding) -> Int32 {
        switch ending {
        case .finished:
            record.commands.compactMap(\.status).first { $0 != 0 } ?? 0
        // The visitor of a login may do as he likes, and whoever waits for one ends it as he likes.
        case .idle, .logFull, .periodOver, .noVisitor: 0
        case .guestEnded, .timeLimit, .interrupted, .outOfBounds:
            waits(record) ? 0 : code(ending)
        case .sessionFailed, .bootFailed, .engineDied, .containerLost, .diskNearlyFull:
            code(ending)
        }
    }

    /// Whether the run waits for a visitor or for the guest itself, and has nothing of its own to do.
    private static func waits(_ record: RunRecord) -> Bool {
        record.trigger == .login || record.trigger.isHosts
            || (record.trigger == .guest && record.commands.isEmpty)
    }

    private static func withoutTrace(_ ending: CaptureEnding) -> Int32 {
        if case .finished = ending { return Failure.Code.guest.exitCode }
        return code(ending)
    }

    private static func code(_ ending: CaptureEnding) -> Int32 {
        switch ending {
        case .finished: 0
        case .sessionFailed(let failure), .bootFailed(let failure): failure.code.exitCode
        case .guestEnded, .outOfBounds: Failure.Code.guest.exitCode
        case .engineDied: Failure.Code.system.exitCode
        case .containerLost: Failure.Code.unavailable.exitCode
        case .interrupted: Failure.Code.interrupted.exitCode
        case .timeLimit, .idle, .logFull, .periodOver, .noVisitor: Failure.Code.timeout.exitCode
        case .diskNearlyFull: Failure.Code.inputOutput.exitCode
        }
    }
}
