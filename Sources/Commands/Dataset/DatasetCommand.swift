import ArgumentParser

struct DatasetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset",
        abstract: "Make a dataset of a collection's traces, and take in one of somebody else's",
        subcommands: [DatasetInitCommand.self, DatasetDescribeCommand.self, DatasetTorrentCommand.self]
    )
}
