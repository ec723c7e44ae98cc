import ArgumentParser
import HostSupport
import Inspection
import Replays
import Traces

struct TraceShowCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is in a trace: how long it is, what its log holds, who talked to whom",
        discussion: """
            Nothing is replayed: all of it is read from the two files of a recording, and from the run's record where \
            there is one.

            Examples:
              $ pandacap trace show RUN-ID
              $ pandacap trace show traces/runs/RUN-ID/rr/session_000 --json
            """
    )

    @OptionGroup var trace: TraceOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        try await trace.withSource(console) { source in
            let reports = try source.items.map { item in
                let opened = try OpenedLog(item)
                for problem in opened.problems { console.warning(problem) }
                let overview = TraceOverview(of: opened.log, limits: opened.limits)
                let times = RecordingTimes(overview.clock, files: item.files, recording: item.recording)
                return RecordingReport(item, source.run?.record, overview, times)
            }
            try print(TraceReport(recordings: reports))
            return 0
        }
    }
}

/// The recordings of a trace.
private struct TraceReport: Report {
    let recordings: [RecordingReport]

    var text: String { recordings.map(\.text).joined(separator: "\n\n") }
}
