import ArgumentParser

struct ImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "Build and look after guest images",
        subcommands: [
            ImageBuildCommand.self, ImageImportCommand.self, ImageListCommand.self, ImageShowCommand.self,
            ImageWarmCommand.self, ImageMaintainCommand.self, ImageShrinkCommand.self, ImageDiffCommand.self,
            ImageProfileCommand.self, ImageRemoveCommand.self,
        ]
    )
}
