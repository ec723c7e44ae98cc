import ArgumentParser
import HostSupport
import Replays
import RunRecords
import Traces

struct TraceSalvageCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "salvage",
        abstract: "Make a recording that replays of one whose engine was killed",
        discussion: """
            The new recording has the old one's snapshot and the whole entries of its log, up to a point at which an \
            engine can stop, and an end. The old one is only read. In a run, the new one is entered into run.json, so \
            that 'pandacap replay' knows it.

            Recordings that are whole are left alone. A log that is damaged, rather than cut, is salvaged with \
            --damaged only: what lies behind the damage is lost. A cut snapshot cannot be salvaged.

            Examples:
              $ pandacap trace salvage RUN-ID --replay
              $ pandacap trace salvage RUN-ID --dry-run
              $ pandacap trace salvage old/session_000 --out mended --name whole --replay
            """
    )

    @OptionGroup var trace: TraceOptions

    @Option(
        help: ArgumentHelp("The folder for the new recording; that of the old one.", valueName: "folder"),
        completion: .directory
    )
    var out: String?

    @Option(help: ArgumentHelp("The new recording's name; the old one's and '-salvaged'.", valueName: "name"))
    var name: String?

    @Flag(help: "Salvage a damaged log, too: what lies before the damage.")
    var damaged = false

    @Flag(help: "Prove with the engine that the new recording replays; where it does not, cut it earlier.")
    var replay = false

    @Flag(help: "Show what would be kept, and write nothing.")
    var dryRun = false

    @Flag(help: "Replace a recording that has the new one's name.")
    var force = false

    @OptionGroup(title: "Replay options") var machine: TraceReplayOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        try await trace.withSource(console) { source in try await salvage(source, console) }
    }

    private func salvage(_ source: TraceSource, _ console: Console) async throws -> Int32 {
        guard source.archive == nil || out != nil else {
            throw Failure(
                .usage,
                "'\(trace.trace)' is an archive, which is not changed",
                hint: "--out names the folder for the salvaged recording"
            )
        }
        let folder = out.map { FileSystem.absolute(HostPath($0)) }
        // The recordings that were salvaged before have names that the user need not exclude.
        if name != nil { _ = try source.single() }
        var plans: [SalvagePlan] = []
        var whole: [String] = []
        for item in source.items {
            if let plan = try SalvagePlan.make(item, in: folder, name: name, damaged: damaged) {
                plans.append(plan)
            } else {
                whole.append(item.name)
            }
        }
        if dryRun {
            try print(SalvageReport(results: plans.map { .init(plan: $0) }, whole: whole, isPlan: true))
            return 0
        }
        let results = try await act(on: plans, of: source.run, console)
        try print(SalvageReport(results: results.map { .init($0) }, whole: whole, isPlan: false))
        return ReplayExitCode.of(results.compactMap { $0.verification?.verdict })
    }

    private func act(
        on plans: [SalvagePlan],
        of run: TraceSource.Run?,
        _ console: Console
    ) async throws -> [TraceSalvager.Result] {
        Interrupts.take()
        let salvager = TraceSalvager(console: console)
        var results: [TraceSalvager.Result] = []
        for plan in plans {
            let folder = HostPath(plan.files.prefix).parent
            let isInRun = run.map { $0.folder.recordings == folder } ?? false
            let output = isInRun ? run?.folder.replay ?? folder : folder
            var replayer: (@Sendable (SalvagePlan) async throws -> Verification)?
            if replay {
                let replay = try machine.replayer(output: output, console)
                replayer = { plan in try await replay(plan.files, run) }
            }
            let result = try await salvager.act(on: plan, of: run, replacing: force, replay: replayer)
            results.append(result)
            // An interrupted replay says nothing of the trace, and the user wants no further one.
            if result.verification?.verdict == .stopped { break }
        }
        return results
    }
}
