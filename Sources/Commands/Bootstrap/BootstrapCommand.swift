import ArgumentParser

struct BootstrapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootstrap",
        abstract: "Work with bundles, by which containers and guests are customised when a run begins",
        subcommands: [BootstrapRenderCommand.self]
    )
}
