import ArgumentParser

struct ImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "Build and look after guest images",
        subcommands: [
            ImageBuildCommand.self, ImageImportCommand.self, ImageListCommand.self, ImageShowCommand.self,
            ImageWarmCommand.self, ImageProfileCommand.self, ImageMaintainCommand.self,
            ImageShrinkCommand.self, ImageDiffCommand.self, ImageRemoveCommand.self,
        ]
    )
}
