import ArgumentParser
import Datasets
import HostSupport
import Inspection
import Replays

struct DatasetDescribeCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Tell what is in a dataset: its sums, a page for a browser, or how to cite it",
        discussion: """
            All of it comes from the dataset's metadata; a recording is restored only for its pictures, with --trace. \
            What is wrong with the metadata, or missing before it can be published, is told as well; 'pandacap dataset \
            verify' looks at everything.

            Examples:
              $ pandacap dataset describe honeypots-2026
              $ pandacap dataset describe honeypots-2026 --html honeypots-2026.html
              $ pandacap dataset describe honeypots-2026 --html page.html --trace RUN-ID
              $ pandacap dataset describe honeypots-2026 --bibtex
            """
    )

    @Argument(
        help: "The dataset's folder, one of its volumes, or the folder that holds all of them.",
        completion: .file()
    )
    var dataset: String

    @Option(help: ArgumentHelp("Write a page with pictures; - is standard output.", valueName: "file"))
    var html: String?

    @Option(
        help: ArgumentHelp(
            "Draw what is in this trace, or in those of this run, too; may be given several times.",
            valueName: "name"
        )
    )
    var trace: [String] = []

    @Flag(help: "Print how to cite it, for BibTeX.")
    var bibtex = false

    @Flag(help: "Replace a file that is there already.")
    var force = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if html == "" { throw ValidationError("--html takes a file's name, or -") }
        if html != nil, bibtex { throw ValidationError("give one of --html and --bibtex") }
        if html == nil, !trace.isEmpty { throw ValidationError("--trace draws on a page: give --html, too") }
        if html == "-" || bibtex, global.json {
            throw ValidationError("--json and what is asked for both want standard output")
        }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let described = try DescribedDataset(HostPath(dataset))
        if bibtex {
            try StandardStream.output.write(try described.bibTeX())
            return 0
        }
        if let html, !force { try BufferedOutput.requireNone(html) }
        let findings = try described.folders.flatMap { folder in
            try StandardsCheck.check(folder).map { finding in
                described.folders.count > 1 ? "\(folder.name)/\(finding)" : "\(finding)"
            }
        }
        for finding in findings { console.warning(finding) }
        guard let html else {
            try print(DatasetReport(described, findings: findings))
            return 0
        }
        Interrupts.take()
        let page = ReportPage(
            subject: .dataset,
            title: described.index.name,
            generator: "pandacap \(PandacapVersion.current)",
            sections: [ReportSection(dataset: described.overview(problems: findings))]
                + (trace.isEmpty ? [] : try await pictures(console))
        )
        var output = try BufferedOutput(html, force: force)
        try output.write(try page.html())
        try output.finish()
        if html != "-" { try print(WrittenFile(path: FileSystem.absolute(HostPath(html)))) }
        return 0
    }

    /// Restores the traces that are asked for, and reads them.
    private func pictures(_ console: Console) async throws -> [ReportSection] {
        let arrived = try ArrivedDataset(HostPath(dataset), console: console)
        defer { arrived.close() }
        let scratch = try ScratchFolder(in: Storage.temporary)
        defer { scratch.remove() }
        let unpacked = try await DatasetUnpacker(console: console).unpack(arrived, trace, into: scratch.path)
        var sections: [ReportSection] = []
        for run in unpacked.runs {
            let source = try await TraceSource(run, collection: scratch.path)
            for item in source.items {
                let (section, problems) = try await console.step("reading \(run): \(item.name)") {
                    try ReportSection.read(item, of: source)
                }
                for problem in problems { console.warning(problem) }
                sections.append(section.named("\(run): \(item.name)"))
            }
        }
        return sections
    }
}

/// What is in a dataset.
private struct DatasetReport: Report {
    let summary: DatasetSummary
    let findings: [String]

    init(_ described: DescribedDataset, findings: [String]) {
        summary = DatasetSummary(described)
        self.findings = findings
    }

    var text: String {
        let width = summary.facts.map(\.name.count).max() ?? 0
        let lines = summary.facts.map { fact in
            fact.name + String(repeating: " ", count: width - fact.name.count + 2) + fact.value
        }
        return ([summary.title, ""] + lines).joined(separator: "\n")
    }
}
