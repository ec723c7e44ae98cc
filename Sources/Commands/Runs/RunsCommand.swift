import ArgumentParser

struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "Look at the runs of a collection, follow them, tidy them up",
        discussion: """
            A collection's catalogue, catalog.sqlite, is made of the run folders and can be made anew of them at any \
            time; docs/catalogue.md describes its tables.

            Examples:
              $ pandacap runs
              $ pandacap runs --state diverged --since 2d
              $ pandacap runs show RUN-ID
              $ pandacap runs gc --older-than 30d --dry-run
            """,
        subcommands: [
            RunsListCommand.self, RunsShowCommand.self, RunsTagCommand.self, RunsFollowCommand.self,
            RunsCollectCommand.self,
            RunsReconcileCommand.self,
        ],
        defaultSubcommand: RunsListCommand.self
    )
}

struct CatalogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "Look after a collection's catalogue",
        subcommands: [CatalogRebuildCommand.self]
    )
}
