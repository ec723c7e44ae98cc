public import Containers
import Foundation
public import HostSupport
public import PandaEngine
public import RunRecords

/// All that a replay will start and write, as a plain value: what `--dry-run` shows and ``Replay`` acts on.
public struct ReplayPlan: Sendable, Codable {
    /// The recording's name.
    public let name: String
    /// The path prefix of its two files.
    public let recording: HostPath
    /// What starts the engine.
    public let command: LaunchCommand
    /// The container that the engine runs in; nothing where it runs on this host.
    public let container: ContainerPlan?
    /// What the engine's version is, and its digest.
    public let engine: RunRecord.Engine
    /// The folder that the engine works in; what plugins write lands there.
    public let outputFolder: HostPath
    /// The instructions that the log says there are.
    public internal(set) var instructions: UInt64?

    /// The file with all that the engine prints.
    public var log: HostPath { outputFolder / "\(name).log" }
}

/// Makes plans of replays, which need to know nothing but the trace.
public struct ReplayPlanner: Sendable {
    private let engines: EngineSource
    private let trustsMachine: Bool
    private let limits: EngineLimits
    private let readable: [HostPath]

    /// Creates a planner.
    ///
    /// - Parameters:
    ///   - engines: Where the engine comes from.
    ///   - trustsMachine: Whether a record's further arguments of the engine are used whatever they are.
    ///   - limits: What an engine of this host may use up; memory suits the machine where nothing is said and no
    ///     plugins are asked for.
    ///   - readable: Further files and folders that an engine of this host may read.
    public init(
        engines: EngineSource,
        trustsMachine: Bool = false,
        limits: EngineLimits = EngineLimits(),
        readable: [HostPath] = []
    ) {
        self.engines = engines
        self.trustsMachine = trustsMachine
        self.limits = limits
        self.readable = readable
    }

    /// Makes the plan of a recording's replay, after everything that would make it fail was looked for.
    ///
    /// - Parameters:
    ///   - recording: The recording, whose log must be whole.
    ///   - record: The run that it belongs to.
    ///   - folder: The run's folder.
    ///   - output: The folder for what the engine and its plugins write.
    ///   - plugins: Plugins, as `NAME` or `NAME:ARGUMENT=VALUE,...`.
    ///   - options: Further arguments of the engine that play no part in the machine; with `-os` among them, what the
    ///     trace knows of the guest's system is not used.
    ///   - memory: The machine's memory, where it is not to be that of the record.
    ///   - refusals: Libraries that must not be stubs.
    /// - Returns: The plan.
    /// - Throws: ``HostSupport/Failure`` naming what is missing, damaged or does not fit.
    public func plan(
        _ recording: Recording,
        of record: RunRecord,
        in folder: RunFolder,
        output: HostPath,
        plugins: [String],
        options: [String] = [],
        memory: ByteSize? = nil,
        stubsMustNotBe refusals: [StubRefusal] = []
    ) async throws -> ReplayPlan {
        var machine = record.machine
        try requireTrust(in: machine)
        if let memory { machine = machine.with(memory: memory) }
        let system =
            plugins.isEmpty || options.contains("-os") ? nil : KernelInformation(of: record, in: folder)
        var plan = try await plan(
            folder.recording(recording.name),
            machine: machine,
            output: output,
            plugins: plugins,
            options: (system?.arguments(plugins: plugins) ?? []) + options,
            files: system?.files ?? [],
            refusals: refusals
        )
        plan.instructions = recording.instructions
        return plan
    }

    /// Makes the plan of a replay of a recording that belongs to no run.
    ///
    /// - Parameters:
    ///   - recording: The recording.
    ///   - output: The folder for what the engine and its plugins write.
    ///   - plugins: Plugins, as `NAME` or `NAME:ARGUMENT=VALUE,...`.
    ///   - options: Further arguments of the engine that play no part in the machine.
    /// - Returns: The plan.
    /// - Throws: ``HostSupport/Failure`` naming what is missing, damaged or does not fit.
    public func plan(
        _ recording: BareRecording,
        output: HostPath,
        plugins: [String],
        options: [String] = []
    ) async throws -> ReplayPlan {
        try await plan(
            recording.prefix,
            machine: recording.machine,
            output: output,
            plugins: plugins,
            options: options
        )
    }

    /// Which engine would replay recordings of an architecture, and the files of plugins of it.
    ///
    /// - Parameters:
    ///   - architecture: The architecture.
    ///   - plugins: Names of plugins.
    /// - Returns: The engine, and the files by the plugins' names; none of an engine in a container.
    /// - Throws: ``HostSupport/Failure`` where there is no engine.
    public func engine(
        _ architecture: GuestArchitecture,
        plugins: [String]
    ) async throws -> (record: RunRecord.Engine, pluginFiles: [String: HostPath]) {
        let engine = try await engines.find(architecture)
        return (engine.record, engine.pluginFiles(plugins))
    }

    /// Refuses a record's machine that may do more than it should, unless the user trusts it.
    ///
    /// - Parameter machine: The machine.
    /// - Throws: ``HostSupport/Failure`` with `not-permitted`.
    public func requireTrust(in machine: Machine) throws {
        guard trustsMachine || machine.untrustedArguments.isEmpty else {
            let wanted = (machine.networkDevice ?? []) + machine.extraArguments
            throw Failure(
                .notPermitted,
                "the trace wants the engine started with \(shellLine(wanted)), which may do more than add a device",
                hint: "if you trust whoever made the trace, replay it with --trust-machine"
            )
        }
    }

    private func plan(
        _ prefix: HostPath,
        machine: Machine,
        output: HostPath,
        plugins: [String],
        options: [String],
        files: [HostPath] = [],
        refusals: [StubRefusal] = []
    ) async throws -> ReplayPlan {
        try RecordingCheck.requireReplayable(prefix.name, in: prefix.parent, machine: machine)
        let prefix = engines.path(prefix)
        let output = engines.path(output)
        let engine = try await engines.find(machine.architecture)
        // A login during a recording makes the hypercall too. Without recctrl to take it, the replay would execute the
        // instruction for real and depart from the log.
        let recctrl = engine.hasPlugin("recctrl") ? ["recctrl:session_rec=y,nrec=0"] : []
        let names = plugins.map { String($0.prefix { $0 != ":" }) }
        if !refusals.isEmpty {
            let stubs = try engine.stubs()
            if let refusal = refusals.first(where: { stubs.contains($0.library) }) { throw refusal.failure }
        }
        let own = names.compactMap(OwnPlugin.init)
        for plugin in own { try plugin.requireUse(with: machine.architecture) }
        if own.contains(.guestEvents) { try KernelInformation.requireProfile(in: options + plugins) }
        let others = names.filter { OwnPlugin(rawValue: $0) == nil }
        if !others.isEmpty { try await engine.requirePlugins(others) }
        var reach = EngineReach(readable: [prefix.parent] + files + readable)
        if !own.isEmpty { reach.pluginFolder = try OwnPlugin.folder() }
        reach.limits = limits
        // What a plugin keeps beside the guest's memory is its own affair: taint2 has a shadow of it all.
        if names.isEmpty { reach.limits.memory = limits.memory ?? EngineLimits.memory(for: machine.memory) }
        let further = machine.extraArguments + (machine.networkDevice ?? [])
        reach.named = options + plugins + (trustsMachine ? further : [])
        let id = "replay-\(UUID().uuidString.suffix(12))"
        let launch = try await engine.launch(
            machine.replayArguments + ["-replay", prefix.string] + options
                + ["-panda", (recctrl + plugins).joined(separator: ";")],
            in: output,
            reach: reach,
            id: id,
            memory: machine.memory,
            runtimeFolder: Storage.runtimeDirectory(id)
        )
        return ReplayPlan(
            name: prefix.name,
            recording: prefix,
            command: launch.command,
            container: launch.container,
            engine: engine.record,
            outputFolder: output
        )
    }
}
