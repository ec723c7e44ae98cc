import ArgumentParser

struct DatasetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset",
        abstract: "Make datasets of traces that are small, complete and checked, and publish them",
        subcommands: [
            DatasetScanCommand.self,
            DatasetPublishCommand.self,
        ]
    )
}
