import ArgumentParser

struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Look into traces without an engine: show, check, salvage, convert and extract",
        discussion: """
            A TRACE is a run's folder or id, one of its recordings, the two files of a recording anywhere, or a folder \
            with recordings.
            """,
        subcommands: [
            TraceShowCommand.self,
            TraceCheckCommand.self,
            TraceSalvageCommand.self,
            TracePcapCommand.self,
            TraceConsoleCommand.self,
            TraceDiskCommand.self,
            TraceMemoryCommand.self,
            TraceDiffCommand.self,
            TraceReportCommand.self,
        ]
    )
}
