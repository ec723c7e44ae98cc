public import HostSupport
import RunRecords

extension ReplayPlanner {
    /// Makes the plans of replays of all whole recordings of a trace.
    ///
    /// - Parameters:
    ///   - trace: The trace.
    ///   - output: The folder for what the engine and its plugins write.
    ///   - plugins: Plugins, as `NAME` or `NAME:ARGUMENT=VALUE,...`.
    ///   - options: Further arguments of the engine that play no part in the machine.
    ///   - memory: The machine's memory, where it is not to be that of the record.
    /// - Returns: The plans, in the order of the recordings.
    /// - Throws: ``HostSupport/Failure`` naming what is missing, damaged or does not fit.
    public func plans(
        of trace: TraceReference,
        output: HostPath,
        plugins: [String],
        options: [String] = [],
        memory: ByteSize? = nil
    ) async throws -> [ReplayPlan] {
        var plans: [ReplayPlan] = []
        for recording in trace.recordings where recording.structure == .complete {
            plans.append(
                try await plan(
                    recording,
                    of: trace.record,
                    in: trace.folder,
                    output: output,
                    plugins: plugins,
                    options: options,
                    memory: memory
                )
            )
        }
        return plans
    }
}
