import ArgumentParser
import DebianPackages
import Foundation
import GuestImages
import HostSupport
import RunRecords

struct ImageShowCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Tell what a guest image consists of",
        discussion: """
            Example:
              $ pandacap image show tiny
            """
    )

    @Argument(help: "The image's name.", completion: .images)
    var name: String

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let store = ImageStore(home: Storage.home)
        let image = try store.load(name)
        try print(
            ImageReport(
                image: image,
                folder: store.folder(of: image),
                warmStates: try store.warmStates(of: image)
            )
        )
        return 0
    }
}

/// A guest image, for a person and for a program.
struct ImageReport: Report {
    let image: GuestImage
    let folder: HostPath
    var warmStates: [WarmState] = []

    var text: String {
        var lines = [
            "image \(image.name) in \(folder)",
            "  made from     "
                + (image.recipe.map { "recipe \($0), Debian \(image.suite ?? "")" } ?? "a disk"),
            "  version       \(image.version)",
            "  architecture  \(image.architecture.rawValue)",
            "  memory        \(image.memory)",
            "  kernel        \(image.kernelRelease ?? "the disk's own")",
            "  command line  \(image.append ?? "")",
            "  ssh user      \(image.sshUser)",
            "  built         \(image.created.formatted(.iso8601))",
            "  digest        \(image.digest)",
        ]
        lines += warmStates.map { state in
            "  warm state    \(state.id): \(state.machine.memory) of memory, "
                + "\(ByteSize(bytes: state.streamBytes)), \(state.logins) logins"
        }
        if !image.packages.isEmpty { lines.append("  packages") }
        lines += image.packages.map { "    \($0.name) \($0.version)" }
        return lines.joined(separator: "\n")
    }
}
