import ArgumentParser
import HostSupport
import Replays
import RunRecords
import Traces

/// How a trace is replayed to prove something of it.
struct TraceReplayOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The machine's architecture, where neither a run nor the snapshot tells it.",
            valueName: "architecture"
        )
    )
    var arch: GuestArchitecture?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The machine's memory, where no run tells it and it is not to be that of the snapshot.",
            valueName: "size"
        )
    )
    var memory: ByteSize?

    @Flag(help: "Use the trace's further arguments of the engine, whatever they are.")
    var trustMachine = false

    @OptionGroup(title: "Engine options") var engine: EngineOptions
    @OptionGroup(title: "Container options") var container: ContainerOptions

    /// Makes what replays a recording without plugins.
    ///
    /// - Parameters:
    ///   - output: The folder for what the engine prints.
    ///   - console: Where progress is told.
    /// - Returns: A function of the recording's files and its run.
    /// - Throws: `Failure` where the engine that is named cannot be used.
    func replayer(
        output: HostPath,
        _ console: Console
    ) throws -> @Sendable (RecordingFiles, TraceSource.Run?) async throws -> Verification {
        let planner = ReplayPlanner(engines: try container.source(engine), trustsMachine: trustMachine)
        let machine = TraceMachine(architecture: arch, memory: memory)
        return { files, run in
            let recording = try machine.recording(files, of: run)
            if run != nil { try planner.requireTrust(in: recording.machine) }
            let plan = try await planner.plan(recording, output: output, plugins: [])
            return try await Replay(plan: plan, console: console).run()
        }
    }
}
