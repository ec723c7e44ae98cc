import HostSupport
import RunRecords

/// The exit code of replays.
enum ReplayExitCode {
    /// The code for the verdicts of replays; one that is missing is of a recording that was not replayed.
    static func of(_ verdicts: [Verification.Verdict?]) -> Int32 {
        if verdicts.contains(.diverged) { return Failure.Code.diverged.exitCode }
        if verdicts.contains(.stopped) {
            return Interrupts.count > 0 ? Failure.Code.interrupted.exitCode : Failure.Code.timeout.exitCode
        }
        return 0
    }
}
