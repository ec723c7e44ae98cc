import Analyses
import ArgumentParser
import HostSupport
import PandaEngine
import Replays
import RunRecords

struct ReplayCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replay a trace to its end, under plugins or to prove that it replays",
        discussion: """
            The trace knows its engine, machine and memory; no other argument is needed. Without plugins the verdict \
            is kept in the trace's run.json. With plugins or presets, all that they write lands in the run's \
            analysis/NAME, with a manifest and with tables of what is known to be in it; the same analysis is not made \
            twice. With --output, plugins write into that folder, and nothing is made of it.

            \(AnalysisOptions.presetList)

            Examples:
              $ pandacap replay traces/runs/RUN-ID
              $ pandacap replay RUN-ID --preset processes --preset syscalls
              $ pandacap replay RUN-ID --plugin asidstory --plugin syscalls_logger --name story
              $ pandacap replay RUN-ID --preset strings --find 'root:x:0:0'
              $ pandacap replay RUN-ID --plugin unigrams --output out
            """
    )

    @Argument(help: "A run's folder, its id, or one of its recordings.")
    var trace: String

    @OptionGroup(title: "Analysis options") var analysis: AnalysisOptions

    @Option(
        help: ArgumentHelp(
            "The folder for what plugins write, instead of the run's analysis.",
            valueName: "folder"
        )
    )
    var output: String?

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder that a run's id is looked up in.", valueName: "folder")
    )
    var collection = "traces"

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The machine's memory, where it is not to be that of the trace.",
            valueName: "size"
        )
    )
    var memory: ByteSize?

    @OptionGroup(title: "Engine options") var engine: EngineOptions
    @OptionGroup(title: "Containment options") var bounds: EngineBoundsOptions
    @OptionGroup(title: "Container options") var container: ContainerOptions

    @Flag(help: "Use the trace's further arguments of the engine, whatever they are.")
    var trustMachine = false

    @Flag(help: "Show what would be started, and do nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if output != nil, analysis.isNamed {
            throw ValidationError(
                "--output takes what plugins write; presets, and analyses with a name, are kept with their run."
            )
        }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let trace = try await TraceReference(trace, collection: HostPath(collection))
        let planner = ReplayPlanner(
            engines: try container.source(engine),
            trustsMachine: trustMachine,
            limits: bounds.limits,
            readable: bounds.readable
        )
        if !dryRun { Interrupts.take() }
        if analysis.isGiven, output == nil { return try await analyse(trace, planner, console) }
        if dryRun || output != nil || memory != nil { return try await replay(trace, planner, console) }
        let record = try await TraceVerifier(planner: planner, console: console)
            .verify(trace.recordings.map(\.name), of: trace.record, in: trace.folder)
        try trace.requireWhole()
        try print(RunReport(record: record, folder: trace.folder.path))
        let names = Set(trace.recordings.map(\.name))
        return ReplayExitCode.of(
            record.recordings.filter { names.contains($0.name) }.map { $0.verification?.verdict }
        )
    }

    /// Replays without keeping the verdict: what plugins do to a replay says nothing of the trace.
    private func replay(
        _ trace: TraceReference,
        _ planner: ReplayPlanner,
        _ console: Console
    ) async throws -> Int32 {
        let plugin = analysis.plugin
        try trace.requireWhole()
        let folder = output.map { FileSystem.absolute(HostPath($0)) } ?? trace.folder.replay
        let plans = try await planner.plans(
            of: trace,
            output: folder,
            plugins: plugin,
            options: analysis.pandalog ? ["-pandalog", "pandalog.plog"] : [],
            memory: memory
        )
        if dryRun {
            try print(ReplayPlanReport(plans: plans))
            return 0
        }
        let report = try await ReplayReport(replaying: plans, console)
        let hasFailed = !plugin.isEmpty && report.verdicts.contains(.diverged)
        if hasFailed, let reason = trace.record.osProfile?.reason {
            console.step("plugins that look into the guest's system have no profile of its kernel: \(reason)")
        }
        try print(report)
        return ReplayExitCode.of(report.verdicts)
    }

    /// Replays, and makes tables of what was written, one recording after the other.
    private func analyse(
        _ trace: TraceReference,
        _ replays: ReplayPlanner,
        _ console: Console
    ) async throws -> Int32 {
        try trace.requireWhole()
        let planner = AnalysisPlanner(try analysis.request(), replays: replays, memory: memory)
        var plans: [AnalysisPlan] = []
        for recording in trace.recordings where recording.structure == .complete {
            let identity = try await planner.identity(recording, of: trace.record, in: trace.folder)
            plans.append(try await planner.plan(identity, of: trace.record, in: trace.folder))
        }
        if dryRun {
            try print(ReplayPlanReport(plans: plans.compactMap(\.replay)))
            return 0
        }
        var outcomes: [Analysis.Outcome] = []
        for plan in plans {
            let outcome = try await Analysis(plan: plan, console: console).run(again: analysis.again)
            outcomes.append(outcome)
            if outcome.verdict == .stopped { break }
        }
        try print(AnalysisReport(plans: plans, outcomes: outcomes))
        let code = ReplayExitCode.of(outcomes.compactMap(\.verdict))
        let hasFailed = outcomes.contains { $0.manifest.state == .failed }
        return code == 0 && hasFailed ? Failure.Code.badData.exitCode : code
    }
}

/// What came of replays whose verdicts are not kept.
struct ReplayReport: Report {
    struct Result: Encodable {
        let recording: String
        let output: HostPath
        let verification: Verification
    }

    let replays: [Result]

    /// Replays one recording after the other, until the user asks for the end.
    init(replaying plans: [ReplayPlan], _ console: Console) async throws {
        var results: [Result] = []
        for plan in plans {
            let verification = try await Replay(plan: plan, console: console).run()
            results.append(.init(recording: plan.name, output: plan.outputFolder, verification: verification))
            if verification.verdict == .stopped { break }
        }
        replays = results
    }

    var verdicts: [Verification.Verdict] { replays.map(\.verification.verdict) }

    var text: String {
        replays.map { result in
            let verdict = result.verification.problem ?? "replayed to its end"
            return
                "\(result.recording): \(verdict), in \(Duration.seconds(result.verification.seconds).text); "
                + "output in \(result.output)"
        }.joined(separator: "\n")
    }
}
