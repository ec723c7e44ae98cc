public import Capture
public import Containers
public import HostSupport
import Replays
public import RunRecords

/// A planned run, acted on: recorded, and proven to replay.
public struct RunMaker: Sendable {
    /// What came of a run.
    public struct Outcome: Sendable {
        /// The run's record.
        public let record: RunRecord
        /// How its engine ended.
        public let ending: CaptureEnding
    }

    private let plan: CapturePlan
    private let engines: EngineSource
    private let console: Console
    private let isLive: Bool
    private let verifies: Bool

    /// Prepares to make a run.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - engines: Where the engine comes from.
    ///   - console: Where steps and progress are told.
    ///   - isLive: Whether the guest command's output is copied to this process's own.
    ///   - verifies: Whether what was recorded is replayed.
    public init(plan: CapturePlan, engines: EngineSource, console: Console, isLive: Bool, verifies: Bool) {
        self.plan = plan
        self.engines = engines
        self.console = console
        self.isLive = isLive
        self.verifies = verifies
    }

    /// Makes the run.
    ///
    /// - Returns: What came of it; the record is in the run's folder, too.
    /// - Throws: What ``Capture/Capture/run()`` throws, and ``HostSupport/Failure`` where a replay cannot be started.
    public func make() async throws -> Outcome {
        if !plan.record.confined {
            console.warning("the engine is not confined: this kernel has no Landlock")
        }
        let outcome = try await Capture(plan: plan, console: console, isLive: isLive).run()
        var record = outcome.record
        if record.state == .recorded, verifies, Interrupts.count < 2 {
            // A first Ctrl-C ended the recording and is no reason not to prove it.
            Interrupts.forget()
            do {
                record = try await Self.verify(
                    record,
                    in: RunFolder(plan.folder),
                    engines: engines,
                    trustsMachine: true,
                    console: console
                )
            } catch let failure as Failure {
                guard case .containerLost = outcome.ending else { throw failure }
                console.warning("what was recorded is not proven to replay: \(failure.message)")
            }
        }
        return Outcome(record: record, ending: outcome.ending)
    }

    /// Replays every whole recording of a run of ours, and keeps the verdicts.
    ///
    /// - Parameters:
    ///   - record: The run's record.
    ///   - folder: The run's folder.
    ///   - engines: Where the engine comes from.
    ///   - trustsMachine: Whether the record was made here just now, and its further arguments are the user's own.
    ///   - console: Where progress is told.
    /// - Returns: The record with the verdicts; it is in the folder, too.
    /// - Throws: ``HostSupport/Failure`` where a replay cannot be started.
    public static func verify(
        _ record: RunRecord,
        in folder: RunFolder,
        engines: EngineSource,
        trustsMachine: Bool = false,
        console: Console
    ) async throws -> RunRecord {
        try await TraceVerifier(
            planner: ReplayPlanner(engines: engines, trustsMachine: trustsMachine),
            console: console
        ).verify(record.recordings.map(\.name), of: record, in: folder)
    }
}
