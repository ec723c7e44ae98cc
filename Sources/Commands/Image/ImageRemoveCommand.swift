import ArgumentParser
import GuestImages
import HostSupport

struct ImageRemoveCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a guest image; traces that were made with it replay without it",
        discussion: """
            Example:
              $ pandacap image remove tiny-i386
            """
    )

    @Argument(help: "The image's name.", completion: .images)
    var name: String

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        try ImageStore(home: Storage.home).remove(name)
        try print(Removed(removed: name))
        return 0
    }

    private struct Removed: Report {
        let removed: String
        var text: String { "removed the image \(removed)" }
    }
}
