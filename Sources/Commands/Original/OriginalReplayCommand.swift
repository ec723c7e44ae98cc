import ArgumentParser
import HostSupport
import PandaEngine
import Replays
import RunRecords

struct OriginalReplayCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "repl",
        abstract: "Replay as the original's wrapper was to",
        discussion: """
            --rr names a run, one of its recordings, or what the names of a recording's two files begin with, whoever \
            made it. A run knows its machine; for other recordings name it with -m, -t and --nic. What plugins write \
            lands in the folder of -o. The verdict is not kept; 'pandacap replay' keeps it.

            Examples:
              $ pandacap repl --rr runs/00042 --panda coverage:filename=blocks.csv
              $ pandacap -m 1024 -t i386 repl --rr old/rr/ubuntu16-test --panda 'osi;osi_linux' --os linux-32-ubuntu:4.4.0-130-generic
            """
    )

    @OptionGroup(title: "Machine options") var original: OriginalOptions
    @OptionGroup(title: "PANDA options") var system: SystemOptions

    @Option(help: ArgumentHelp("The recording.", valueName: "recording"))
    var rr = "ubuntu16-test"

    @Option(
        name: .customLong("engine-arg"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Another argument of the engine that adds to the machine.", valueName: "argument")
    )
    var engineArgument: [String] = []

    @OptionGroup(title: "Engine options") var engine: EngineOptions

    @Flag(help: "Use the trace's further arguments of the engine, whatever they are.")
    var trustMachine = false

    @Flag(help: "Show what would be started, and do nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let isRun = RunFolder.find(rr, in: original.collection) != nil
        let unused =
            original.unused(inReplayThatKnowsMachine: isRun)
            + (isRun && !engineArgument.isEmpty ? ["--engine-arg"] : [])
        for option in unused { console.warning("\(option) plays no part in this replay") }
        let plans = try await plans(isOfRun: isRun)
        if dryRun {
            try print(ReplayPlanReport(plans: plans))
            return 0
        }
        Interrupts.take()
        let report = try await ReplayReport(replaying: plans, console)
        try print(report)
        return ReplayExitCode.of(report.verdicts)
    }

    private func plans(isOfRun: Bool) async throws -> [ReplayPlan] {
        let folder = original.collection
        // recctrl is loaded for every replay, with what it needs there.
        let plugins = (system.panda ?? "").split(separator: ";").map(String.init)
            .filter { $0.prefix { $0 != ":" } != "recctrl" }
        let options = try system.systemArguments() + system.logArguments(in: folder)
        guard isOfRun else {
            return [try await planOfBareRecording(plugins, options, folder)]
        }
        let trace = try await TraceReference(rr, collection: folder)
        let planner = ReplayPlanner(
            engines: try await original.engines(engine, for: trace.record.machine.architecture),
            trustsMachine: trustMachine
        )
        try trace.requireWhole()
        return try await planner.plans(
            of: trace,
            output: folder,
            plugins: plugins,
            options: options,
            memory: original.memory
        )
    }

    private func planOfBareRecording(
        _ plugins: [String],
        _ options: [String],
        _ folder: HostPath
    ) async throws -> ReplayPlan {
        let architecture = original.target ?? .i386
        let recording = try BareRecording(
            rr,
            architecture: architecture,
            memory: original.memory ?? .mebibytes(512),
            networkDevice: try original.networkWords(),
            extraArguments: engineArgument
        )
        let engines = try await original.engines(engine, for: architecture)
        return try await ReplayPlanner(engines: engines)
            .plan(recording, output: folder, plugins: plugins, options: options)
    }
}
