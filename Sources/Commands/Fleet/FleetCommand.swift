import ArgumentParser

struct FleetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet",
        abstract: "Keep many guests alive for days, and make a trace of each visit",
        discussion: """
            A fleet's file says which guest is kept alive how often, at which ports, and what is recorded. Each slot \
            starts a guest, records, and starts the next, while what was recorded is replayed behind its back.

            Examples:
              $ pandacap fleet up honeypots.yaml --dry-run
              $ pandacap fleet up honeypots.yaml
              $ pandacap fleet status honeypots.yaml
              $ pandacap fleet drain honeypots.yaml
            """,
        subcommands: [
            FleetUpCommand.self, FleetStatusCommand.self, FleetDrainCommand.self, FleetDownCommand.self,
        ]
    )
}
