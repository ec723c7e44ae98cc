import Capture
import Containers
import HostSupport
import Replays
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
        if !plan.record.confined {
            console.warning("the engine is not confined: this kernel has no Landlock")
        }
        let outcome = try await Capture(plan: plan, console: console, isLive: isLive).run()
        var record = outcome.record
        if record.state == .recorded, verifies, Interrupts.count < 2 {
            // A first Ctrl-C ended the recording and is no reason not to prove it.
            Interrupts.forget()
            let verifier = TraceVerifier(
                planner: ReplayPlanner(engines: engines, trustsMachine: true),
                console: console
            )
            do {
                record = try await verifier.verify(
                    record.recordings.map(\.name),
                    of: record,
                    in: RunFolder(plan.folder)
                )
            } catch let failure as Failure {
                guard case .containerLost = outcome.ending else { throw failure }
                console.warning("what was recorded is not proven to replay: \(failure.message)")
            }
        }
        for warning in record.warnings { console.warning(warning) }
        try report(RunReport(record: record, folder: plan.folder))
        return RecordExitCode.of(record, outcome.ending)
    }
}
