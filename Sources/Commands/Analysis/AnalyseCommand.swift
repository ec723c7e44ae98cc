import Analyses
import ArgumentParser
import Catalogue
import Fleets
import HostSupport
import Replays
import RunRecords

struct AnalyseCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "analyse",
        abstract: "Analyse many traces at once, and join their tables",
        discussion: """
            Each trace is replayed under the plugins, as many at once as there are processors and memory for, and what \
            plugins write is kept with its run, in analysis/NAME. The tables of all are joined in results.sqlite and in \
            a CSV each, with the run and the recording as first columns.

            What was made of the same trace, engine, plugins and arguments is not made again: the same command goes on \
            where it was stopped, and is done at once where all is there. Traces of a dataset are unpacked one by one \
            and removed when they were analysed; runs/RUN/analysis/NAME is in the folder that --out names then.

            \(AnalysisOptions.presetList)

            Examples:
              $ pandacap analyse traces --preset processes --preset syscalls
              $ pandacap analyse traces --preset coverage --image debian-12 --jobs 4
              $ pandacap analyse dataset.tar --plugin asidstory --out analysed
              $ pandacap analyse traces --preset network --dry-run
              $ pandacap analyse traces --preset taint --executor slurm --slurm-time 2:00:00

            The exit code is 0 where all were analysed; else that of the first that failed: 80 where a plugin or the \
            engine stopped a replay, 69 where a plugin cannot be loaded, 75 where Slurm still has some.
            """
    )

    @Argument(help: "A collection, or a dataset: its folder or its tar.")
    var source = "traces"

    @OptionGroup(title: "Analysis options") var analysis: AnalysisOptions

    @Option(help: ArgumentHelp("Only this run; may be given several times.", valueName: "run"))
    var run: [String] = []

    @OptionGroup(title: "Which runs of a collection") var filter: RunFilter

    @Option(
        help: ArgumentHelp(
            "The folder for the joined tables; COLLECTION/analyses/NAME otherwise, and needed for a dataset.",
            valueName: "folder"
        )
    )
    var out: String?

    @Flag(help: "Join no tables: another process will.")
    var noJoin = false

    @OptionGroup(title: "Execution options") var executor: ExecutorOptions
    @OptionGroup(title: "Engine options") var engine: EngineOptions
    @OptionGroup(title: "Containment options") var bounds: EngineBoundsOptions
    @OptionGroup(title: "Container options") var container: ContainerOptions

    @Flag(help: "Use the traces' further arguments of the engine, whatever they are.")
    var trustMachine = false

    @Flag(help: "Show what would be analysed, and do nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if executor.slurm.nodeLocal != nil {
            throw ValidationError("--node-local is for captures; analyses are kept with their runs.")
        }
    }

    func execute(_ console: Console) async throws -> Int32 {
        Interrupts.take()
        let request = try analysis.request()
        let place = try place(request)
        let planner = AnalysisPlanner(
            request,
            replays: ReplayPlanner(
                engines: try container.source(engine),
                trustsMachine: trustMachine,
                limits: bounds.limits,
                readable: bounds.readable
            )
        )
        let (items, skipped) = try await items(place, console)
        for (run, reason) in skipped { console.warning("\(run) is left out: \(reason)") }
        guard !items.isEmpty else {
            throw Failure(
                .notFound,
                "there is no whole recording to analyse in \(place.source)",
                hint: "'pandacap runs list -o \(shellQuoted(place.source.string))' lists the runs"
            )
        }
        let queue = AnalysisQueue(planner: planner, again: analysis.again, console: console)
        let width = AnalysisQueue.width(executor.jobs, items)
        if executor.executor == .slurm || executor.slurm.isGiven {
            return try await slurm(request, items, queue, place, console)
        }
        if dryRun {
            try print(try await preview(request, items, queue, place, width: width))
            return 0
        }
        console.step("\(request.name): \(items.count) recordings, \(width) at once")
        return try await finish(try await queue.run(items, width: width), items, request, place)
    }

    private func finish(
        _ results: [AnalysisItemResult],
        _ items: [AnalysisItem],
        _ request: AnalysisRequest,
        _ place: Place
    ) async throws -> Int32 {
        let joined = noJoin ? nil : try AnalysisResults(place.out).join(results, of: items)
        let results = joined?.results ?? results
        try print(AnalysesReport(name: request.name, results: results, joined: joined?.summary))
        return results.first { $0.state == .failed }?.exitCode ?? 0
    }

    /// Where traces are, and where what is found out goes.
    private struct Place {
        let source: HostPath
        let isDataset: Bool
        let out: HostPath
    }

    private func place(_ request: AnalysisRequest) throws -> Place {
        let source = FileSystem.absolute(HostPath(source))
        guard FileSystem.exists(source) else {
            throw Failure(
                .notFound,
                "there is no collection and no dataset \(source)",
                hint: "name a folder that 'pandacap record' or 'pandacap dataset pack' has made"
            )
        }
        let isDataset = !FileSystem.isDirectory(source / "runs")
        guard !isDataset || out != nil else {
            throw Failure(
                .usage,
                "\(source) is no collection; a dataset's analyses need a folder of their own",
                hint: "name one with --out"
            )
        }
        return Place(
            source: source,
            isDataset: isDataset,
            out: out.map { FileSystem.absolute(HostPath($0)) } ?? source / "analyses" / request.name
        )
    }

    private func items(
        _ place: Place,
        _ console: Console
    ) async throws -> (items: [AnalysisItem], skipped: [(run: String, reason: String)]) {
        if place.isDataset {
            return try await AnalysisItem.all(
                ofDataset: place.source,
                into: place.out,
                wanted: run,
                console: console
            )
        }
        guard run.isEmpty else { return await AnalysisItem.all(run.uniqued(), in: place.source) }
        let catalogue = try Catalogue.looking(at: place.source, console: console)
        return await AnalysisItem.all(try catalogue.runs(filter.query).map(\.id), in: place.source)
    }

    private func preview(
        _ request: AnalysisRequest,
        _ items: [AnalysisItem],
        _ queue: AnalysisQueue,
        _ place: Place,
        width: Int
    ) async throws -> AnalysesPreview {
        let left = try await queue.left(items)
        return AnalysesPreview(
            name: request.name,
            recordings: items.map(\.title),
            left: left.map(\.title),
            width: width,
            out: place.out,
            script: nil,
            command: nil
        )
    }

    private func slurm(
        _ request: AnalysisRequest,
        _ items: [AnalysisItem],
        _ queue: AnalysisQueue,
        _ place: Place,
        _ console: Console
    ) async throws -> Int32 {
        guard !place.isDataset else {
            throw Failure(
                .usage,
                "a dataset is unpacked trace by trace, on this host",
                hint: "'pandacap dataset unpack' makes a collection of it, for Slurm"
            )
        }
        let left = try await queue.left(items)
        let words =
            (engine.engine.map { ["--engine", $0] } ?? []) + container.words + bounds.words
            + (trustMachine ? ["--trust-machine"] : []) + (analysis.again ? ["--again"] : [])
        let settings = executor.slurm.settings(nil, itemArguments: words)
        let array = AnalysisArray(
            folder: place.out / "slurm",
            command: [settings.program.string, "analyse", place.source.string] + request.words
                + ["--no-join", "--quiet"] + words,
            settings: settings,
            console: console
        )
        let runs = items.map(\.folder.path.name).uniqued()
        let leftRuns = left.map(\.folder.path.name).uniqued()
        if dryRun {
            let (script, command) = try await array.preview(leftRuns)
            try print(
                AnalysesPreview(
                    name: request.name,
                    recordings: items.map(\.title),
                    left: left.map(\.title),
                    width: nil,
                    out: place.out,
                    script: script,
                    command: command
                )
            )
            return 0
        }
        if !left.isEmpty || analysis.again {
            let isDone = try await array.run(
                runs,
                left: analysis.again ? runs : leftRuns,
                waits: !executor.slurm.noWait
            )
            guard isDone else { return Failure.Code.timeout.exitCode }
        }
        // What is not there now says why when it is tried here.
        let results = try await queue.collect(items, logs: place.out / "slurm/logs")
        return try await finish(results, items, request, place)
    }
}

/// What an analysis of many would do.
private struct AnalysesPreview: Report {
    let name: String
    let recordings: [String]
    let left: [String]
    let width: Int?
    let out: HostPath
    let script: String?
    let command: [String]?

    var text: String {
        var lines = [
            "analysis \(name): \(recordings.count) recordings, \(left.count) of them to be made",
            "  results    \(out)",
        ]
        if let width { lines.append("  at once    \(width) on this host") }
        lines += left.prefix(24).map { "  \($0)" }
        if left.count > 24 { lines.append("  and \(left.count - 24) more") }
        if let command { lines.append("  submitted  \(shellLine(command))") }
        if let script { lines += ["  by each task:"] + script.split(separator: "\n").map { "    \($0)" } }
        return lines.joined(separator: "\n")
    }
}

/// What came of an analysis of many.
private struct AnalysesReport: Report {
    let name: String
    let results: [AnalysisItemResult]
    let joined: AnalysisResults.Summary?

    var text: String {
        let counts = [AnalysisItemResult.State.finished, .kept, .failed].compactMap { state in
            let count = results.count { $0.state == state }
            let word = state == .finished ? "analysed" : state == .kept ? "analysed before" : "failed"
            return count > 0 ? "\(count) \(word)" : nil
        }
        var lines = ["analysis \(name): \(counts.joined(separator: ", "))"]
        for result in results.filter({ $0.state == .failed }).prefix(40) {
            lines.append("  \(result.run): \(result.problem ?? "failed")")
        }
        if let joined {
            lines += joined.rows.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value) rows" }
            lines.append("  results    \(joined.database)")
        }
        return lines.joined(separator: "\n")
    }
}
