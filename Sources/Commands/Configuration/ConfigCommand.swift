import ArgumentParser

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Look at the settings that make and the templates of bundles take",
        subcommands: [ConfigShowCommand.self]
    )
}
