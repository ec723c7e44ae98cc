import ArgumentParser
import Foundation
import GuestImages
import HostSupport
import RunRecords

struct ImageListCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the guest images of this user",
        discussion: """
            Example:
              $ pandacap image list --json
            """
    )

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let images = try ImageStore(home: Storage.home).list()
        if images.isEmpty { console.step("no image yet; 'pandacap image build tiny' makes one") }
        try print(Images(images: images))
        return 0
    }

    private struct Images: Report {
        let images: [GuestImage]

        var text: String {
            guard !images.isEmpty else { return "" }
            return Table(
                header: ["NAME", "ARCHITECTURE", "MEMORY", "KERNEL", "BUILT"],
                rows: images.map { image in
                    [
                        image.name, image.architecture.rawValue, "\(image.memory)",
                        image.kernelRelease ?? "-",
                        image.created.formatted(.iso8601),
                    ]
                }
            ).text
        }
    }
}
