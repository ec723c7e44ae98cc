import ArgumentParser
import Containers
import Foundation
import HostSupport

struct ContainerImagesCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "List images of containers, whoever made them",
        discussion: """
            All images are listed, as 'docker image list' does and 'make lsimg' did. KIND says what of PANDAcap's an \
            image is: 'image' has an engine, 'base' is what such images are built on, '-' is somebody else's. \
            ENGINES are the architectures that it has an engine for.

            Examples:
              $ pandacap container images
              $ pandacap container images --ours --json
            """
    )

    @Flag(help: "List PANDAcap's own only.")
    var ours = false

    @OptionGroup var runtime: ContainerRuntimeOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let images = try await runtime.find().images(ours ? ContainerLabel.filter : [])
        if images.isEmpty { console.step("no image yet; 'pandacap container build' (make) builds one") }
        try print(ImagesReport(images: images))
        return 0
    }
}

/// Images, the newest first.
private struct ImagesReport: Report {
    let images: [ListedImage]

    var text: String {
        guard !images.isEmpty else { return "" }
        return Table(
            header: ["NAME", "ID", "SIZE", "AGE", "KIND", "ENGINES"],
            rows: images.flatMap { image in
                (image.names.isEmpty ? ["<none>"] : image.names).map { name in
                    [
                        name, image.id.shortID, "\(image.size)", image.created?.age() ?? "-",
                        image.kind?.rawValue ?? "-",
                        image.engines.isEmpty ? "-" : image.engines.joined(separator: " "),
                    ]
                }
            }
        ).text
    }
}
