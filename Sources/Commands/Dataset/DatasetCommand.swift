import ArgumentParser

struct DatasetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset",
        abstract: "Make a dataset of a collection's traces, and take in one of somebody else's",
        discussion: """
            A dataset is a folder that explains itself: small packed traces, packets, disks, and metadata in the forms \
            that archives and search engines know. Stock tools restore it: docs/datasets.md.

            Examples:
              $ pandacap dataset init honeypots-2026
              $ pandacap dataset pack traces --out honeypots-2026 --description dataset.yaml
              $ pandacap dataset verify honeypots-2026
              $ pandacap dataset unpack honeypots-2026 --out restored
            """,
        subcommands: [
            DatasetInitCommand.self, DatasetScanCommand.self, DatasetPackCommand.self,
            DatasetDescribeCommand.self,
            DatasetTorrentCommand.self, DatasetPublishCommand.self, DatasetVerifyCommand.self,
            DatasetUnpackCommand.self,
        ]
    )
}
