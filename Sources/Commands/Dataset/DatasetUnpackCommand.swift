import ArgumentParser
import Datasets
import HostSupport

struct DatasetUnpackCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "unpack",
        abstract: "Make a collection of a dataset, in which each trace replays with no other argument",
        discussion: """
            Each file is compared with its SHA-256 digest before it gets its name, and a run gets its name when it is \
            whole. What is there already stays; an unpacking that was killed goes on where it was.

            Examples:
              $ pandacap dataset unpack honeypots-2026 --out restored
              $ pandacap dataset unpack honeypots-2026.tar --trace RUN-ID --out restored
              $ pandacap replay RUN-ID -o restored
            """
    )

    @Argument(help: "The dataset's folder, one of its volumes, or the tar of either.", completion: .file())
    var dataset: String

    @Option(
        help: ArgumentHelp("The collection's folder, new or not.", valueName: "folder"),
        completion: .directory
    )
    var out: String

    @Option(
        help: ArgumentHelp(
            "Only this trace, or those of this run; may be given several times.",
            valueName: "name"
        )
    )
    var trace: [String] = []

    @Option(
        help: ArgumentHelp(
            "How many files are restored at once; as many as processors and memory allow by default.",
            valueName: "number"
        )
    )
    var jobs: Int?

    @Flag(help: "Show what would be unpacked, and write nothing but temporary files.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs must be 1 or more") }
    }

    func execute(_ console: Console) async throws -> Int32 {
        Interrupts.take()
        let arrived = try ArrivedDataset(HostPath(dataset), console: console)
        defer { arrived.close() }
        let result = try await DatasetUnpacker(jobs: jobs, console: console)
            .unpack(arrived, trace, into: HostPath(out), isPlan: dryRun)
        try print(UnpackingReport(result: result, isPlan: dryRun))
        return 0
    }
}

private struct UnpackingReport: Report {
    let result: DatasetUnpacker.Result
    let isPlan: Bool

    func encode(to encoder: any Encoder) throws { try result.encode(to: encoder) }

    var text: String {
        let kept = result.kept.map { "there already: \($0)" }
        let verb = isPlan ? "would unpack" : "unpacked"
        let sum =
            "\(verb) \(result.traces.count) traces of \(result.runs.count) runs, \(ByteSize(bytes: result.bytes)), "
            + "into \(result.collection)"
        return (kept + result.traces.map { "\(verb) \($0)" } + [sum]).joined(separator: "\n")
    }
}
