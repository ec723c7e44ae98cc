import Capture
import Containers
import Fleets
import HostSupport
import RunRecords

/// A planned run, acted on: recorded, proven to replay, reported.
struct RecordedRun {
    let plan: CapturePlan
    let engines: EngineSource
    let console: Console
    /// Whether the guest command's output is shown as it comes.
    let isLive: Bool
    /// Whether what was recorded is replayed.
    let verifies: Bool

    /// Makes the run.
    ///
    /// - Parameter report: What is done with the report.
    /// - Returns: The exit code.
    /// - Throws: What a run throws.
    func make(_ report: (RunReport) throws -> Void) async throws -> Int32 {
        Interrupts.take()
        let outcome = try await RunMaker(
            plan: plan,
            engines: engines,
            console: console,
            isLive: isLive,
            verifies: verifies
        ).make()
        for warning in outcome.record.warnings { console.warning(warning) }
        try report(RunReport(record: outcome.record, folder: plan.folder))
        return RecordExitCode.of(outcome.record, outcome.ending)
    }
}
