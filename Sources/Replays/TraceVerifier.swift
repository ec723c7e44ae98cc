public import HostSupport
public import RunRecords

/// Proves that the recordings of a run replay, and writes the verdicts into the run's record.
public struct TraceVerifier: Sendable {
    private let planner: ReplayPlanner
    private let console: Console

    /// Creates a verifier.
    ///
    /// - Parameters:
    ///   - planner: What makes the plans of the replays.
    ///   - console: Where progress is told.
    public init(planner: ReplayPlanner, console: Console) {
        self.planner = planner
        self.console = console
    }

    /// Replays recordings and keeps the verdicts.
    ///
    /// - Parameters:
    ///   - names: The recordings to replay; those whose log is not whole are left out.
    ///   - record: The run's record.
    ///   - folder: The run's folder.
    /// - Returns: The record with the verdicts, in the state `verified` or `diverged`, or in `failed` as before; it is in
    ///   the folder, too.
    /// - Throws: ``HostSupport/Failure`` where a replay cannot be started.
    public func verify(_ names: [String], of record: RunRecord, in folder: RunFolder) async throws
        -> RunRecord
    {
        var record = record
        for index in record.recordings.indices {
            let recording = record.recordings[index]
            guard names.contains(recording.name), recording.structure == .complete else { continue }
            let plan = try await planner.plan(
                recording,
                of: record,
                in: folder,
                output: folder.replay,
                plugins: []
            )
            let verification = try await Replay(plan: plan, console: console).run()
            record.recordings[index].verification = verification
            try record.write(to: folder)
            // An interrupted replay says nothing of the trace, and the user wants no further one.
            if verification.verdict == .stopped { return record }
        }
        // What was salvaged of a run that failed does not undo its failure.
        guard record.state != .failed else { return record }
        let verdicts = record.recordings.filter { $0.structure == .complete }.map { $0.verification?.verdict }
        if verdicts.contains(.diverged) {
            try record.become(.diverged, because: "a recording does not replay")
        } else if !verdicts.isEmpty, verdicts.allSatisfy({ $0 == .replayed }) {
            try record.become(.verified)
        }
        try record.write(to: folder)
        return record
    }
}
