import ArgumentParser
import GuestImages
import HostSupport

struct ImageShrinkCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "shrink",
        abstract: "Take logs, caches, histories, temporary files and swap out of an image's disk",
        discussion: """
            The result is the image's next version; with --name it is another image. Nothing is mounted and nothing is \
            booted. Runs that were made with the former version keep its disk.

            Examples:
              $ pandacap image shrink ubuntu --dry-run
              $ pandacap image shrink ubuntu --name ubuntu-small
            """
    )

    @Argument(help: "The guest image.", completion: .images)
    var image: String

    @Option(help: "What to call the result, instead of replacing the image.")
    var name: String?

    @Flag(help: "Show what would go, and do nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let shrinker = ImageShrinker(store: ImageStore(home: Storage.home), console: console)
        let result = try await Interrupts.cancelling { [image, name, dryRun] in
            try await shrinker.shrink(image, as: name, isDryRun: dryRun)
        }
        try print(ShrinkReport(result: result, listsFiles: dryRun || global.verbose))
        return 0
    }
}

/// What came of shrinking an image.
private struct ShrinkReport: Report {
    let result: ShrinkResult
    let listsFiles: Bool

    func encode(to encoder: any Encoder) throws { try result.encode(to: encoder) }

    var text: String {
        var lines: [String] = []
        if listsFiles {
            lines += result.files.map { file in
                let path = file.path ?? "partition \(file.partition ?? 0)"
                return "\(file.action) \(path) (\(file.reason), \(ByteSize(bytes: file.bytes)))"
            }
        }
        for reason in ["logs", "caches", "histories", "temporary", "swap"] {
            let files = result.files.filter { $0.reason == reason }
            guard !files.isEmpty else { continue }
            let bytes = ByteSize(bytes: files.map(\.bytes).reduce(0, &+))
            lines.append("\(reason): \(files.count) \(files.count == 1 ? "file" : "files"), \(bytes)")
        }
        lines += result.left.map { "left, since its name cannot be told to the tools: \($0)" }
        let before = ByteSize(bytes: result.bytesBefore)
        if let after = result.bytesAfter {
            lines.append(
                "image \(result.image), version \(result.version): \(before) before, "
                    + "\(ByteSize(bytes: after)) now"
            )
        } else {
            lines.append("image \(result.image), version \(result.version): \(before); nothing was changed")
        }
        return lines.joined(separator: "\n")
    }
}
