import ArgumentParser
import Datasets
import HostSupport
import Replays

struct DatasetVerifyCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Look at all of a dataset, and say everything that is wrong with it",
        discussion: """
            The bag's structure and digests (RFC 8493), the index and the records, and what comes out of each packed \
            file are looked at; with --replay traces are replayed, too, for which an engine is needed. A dataset may be \
            anybody's: nothing in it is believed, and nothing is written but temporary files (TMPDIR says where).

            The exit code is 65 where something is wrong, and 80 where a trace does not replay.

            Examples:
              $ pandacap dataset verify honeypots-2026
              $ pandacap dataset verify honeypots-2026.tar --quick
              $ pandacap dataset verify honeypots-2026.torrent --contents ~/Downloads/honeypots-2026
              $ pandacap dataset verify honeypots-2026 --replay all
              $ pandacap dataset verify honeypots-2026 --replay 10 --seed 7 --json
            """
    )

    @Argument(
        help: "The dataset's folder, one of its volumes, the tar of either, or a torrent of one of these.",
        completion: .file()
    )
    var dataset: String

    @Option(
        help: ArgumentHelp(
            "What was downloaded by the torrent; what lies beside it under its name by default.",
            valueName: "path"
        )
    )
    var contents: String?

    @Flag(help: "Do not restore packed files.")
    var quick = false

    @Option(help: ArgumentHelp("Replay 'all' traces, or so many that the seed chooses.", valueName: "number"))
    var replay: String?

    @Option(help: ArgumentHelp("What the choice follows from; any number by default.", valueName: "number"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "How many files are restored at once; as many as processors and memory allow by default.",
            valueName: "number"
        )
    )
    var jobs: Int?

    @OptionGroup(title: "Engine options") var engine: EngineOptions
    @OptionGroup(title: "Containment options") var bounds: EngineBoundsOptions
    @OptionGroup(title: "Container options") var container: ContainerOptions

    @Flag(help: "Use the traces' further arguments of the engine, whatever they are.")
    var trustMachine = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let replay, replay != "all", (Int(replay) ?? 0) < 1 {
            throw ValidationError("--replay takes 'all' or a number")
        }
        if seed != nil, Int(replay ?? "") == nil {
            throw ValidationError("--seed chooses for --replay NUMBER")
        }
        if let jobs, jobs < 1 { throw ValidationError("--jobs must be 1 or more") }
    }

    func execute(_ console: Console) async throws -> Int32 {
        Interrupts.take()
        var settings = DatasetVerifier.Settings()
        settings.isQuick = quick
        settings.sample = replay.map { $0 == "all" ? .all : .some(Int($0) ?? 0) } ?? .none
        settings.seed = seed ?? UInt64.random(in: 0...0xFFFF_FFFF)
        settings.jobs = jobs
        let planner =
            replay == nil
            ? nil
            : ReplayPlanner(
                engines: try container.source(engine),
                trustsMachine: trustMachine,
                limits: bounds.limits,
                readable: bounds.readable
            )
        let torrent =
            dataset.hasSuffix(".torrent") ? try Torrent(from: FileSystem.absolute(HostPath(dataset))) : nil
        if contents != nil, torrent == nil { throw Failure(.usage, "--contents goes with a torrent") }
        let place = torrent.map { torrent in
            contents.map { HostPath($0) } ?? FileSystem.absolute(HostPath(dataset)).parent / torrent.name
        }
        let arrived = try ArrivedDataset(place ?? HostPath(dataset), console: console)
        defer { arrived.close() }
        let result = try await DatasetVerifier(settings: settings, planner: planner, console: console)
            .verify(arrived, torrent: torrent)
        try print(VerificationReport(result: result))
        if !result.problems.isEmpty { return Failure.Code.badData.exitCode }
        return ReplayExitCode.of(result.replays.map(\.verdict))
    }
}

private struct VerificationReport: Report {
    let result: DatasetVerifier.Result

    func encode(to encoder: any Encoder) throws { try result.encode(to: encoder) }

    var text: String {
        var lines = result.problems.map { "\($0.volume): \($0.check.rawValue): \($0.message)" }
        if let seed = result.seed { lines.append("the seed is \(seed)") }
        lines += result.replays.map { "\($0.trace): \($0.problem ?? "replayed to its end")" }
        let what =
            "\(result.traces) traces, \(result.files) files, \(ByteSize(bytes: result.bytes)); "
            + "\(result.restored) files restored"
        lines.append(
            result.problems.isEmpty
                ? "\(result.source): nothing is wrong: \(what)"
                : "\(result.source): \(result.problems.count) things are wrong: \(what)"
        )
        return lines.joined(separator: "\n")
    }
}
