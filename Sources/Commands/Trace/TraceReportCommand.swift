import ArgumentParser
import Foundation
import HostSupport
import Inspection
import Replays
import RunRecords
import Traces

struct TraceReportCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Draw what is in a trace: a page for a browser, in one file",
        discussion: """
            The page has pictures over the guest's instructions of events, packets, disk transfers, interrupts and \
            idle time, one of what the snapshot consists of, and a table behind each. It needs no server and no network.

            Examples:
              $ pandacap trace report RUN-ID
              $ pandacap trace report RUN-ID --out report.html --force
              $ pandacap trace report traces/runs/RUN-ID/rr/session_000 --out - > page.html
            """
    )

    @OptionGroup var trace: TraceOptions

    @Option(
        help: ArgumentHelp(
            "The page to write; - is standard output. The default is the trace's name with .html, here.",
            valueName: "file"
        ),
        completion: .directory
    )
    var out: String?

    @Flag(help: "Replace a file that is there already.")
    var force = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if out == "" { throw ValidationError("--out takes a file's name, or -") }
        if out == "-", global.json { throw ValidationError("--json and --out - both want standard output") }
    }

    func execute(_ console: Console) async throws -> Int32 {
        try await trace.withSource(console) { source in
            let title = source.pageTitle
            let file = out ?? "\(safeFileName(title)).html"
            // Reading takes long; what will not be written should not be read for.
            if !force { try BufferedOutput.requireNone(file) }
            var sections: [ReportSection] = []
            for item in source.items {
                let problems: [String]
                let section: ReportSection
                (section, problems) = try await console.step("reading \(item.name)") {
                    try ReportSection.read(item, of: source)
                }
                for problem in problems { console.warning(problem) }
                sections.append(section)
            }
            let page = ReportPage(
                title: title,
                generator: "pandacap \(PandacapVersion.current)",
                sections: sections
            )
            let bytes = Array(try page.html().utf8)
            Interrupts.take()
            var output = try BufferedOutput(file, force: force)
            try output.write(bytes)
            try output.finish()
            if file != "-" {
                try print(
                    PageReport(
                        path: FileSystem.absolute(HostPath(file)).string,
                        bytes: bytes.count,
                        recordings: source.items.map(\.name)
                    )
                )
            }
            return 0
        }
    }
}

/// The page that was written.
private struct PageReport: Report {
    let path: String
    let bytes: Int
    let recordings: [String]

    var text: String { path }
}

extension TraceSource {
    /// The run's id; else the recording's name, or that of the folder where there are several.
    fileprivate var pageTitle: String {
        if let run { return run.record.id.description }
        guard items.count > 1 else { return items[0].name }
        return HostPath(items[0].files.prefix).parent.name
    }
}
