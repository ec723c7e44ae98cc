import ArgumentParser

struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Look into traces without an engine: show, check, salvage, convert, pack and extract",
        discussion: """
            A TRACE is a run's folder or id, one of its recordings, the two files of a recording anywhere, a folder \
            with recordings, or an archive of a recording (rr2, rr, RRArchive).
            """,
        subcommands: [
            TraceShowCommand.self,
            TraceCheckCommand.self,
            TraceSalvageCommand.self,
            TraceConvertCommand.self,
            TracePackCommand.self,
            TraceUnpackCommand.self,
            TracePcapCommand.self,
            TraceConsoleCommand.self,
            TraceDiskCommand.self,
            TraceMemoryCommand.self,
            TraceDiffCommand.self,
            TraceReportCommand.self,
            TraceEventsCommand.self,
            TracePandalogCommand.self,
        ]
    )
}
