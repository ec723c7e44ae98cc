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
        let store = ImageStore(home: Storage.home)
        let images = try store.list()
        if images.isEmpty { console.step("no image yet; 'pandacap image build tiny' makes one") }
        // One that is damaged is no reason not to list the others.
        let states = Dictionary(
            uniqueKeysWithValues: images.map { ($0.name, (try? store.warmStates(of: $0).count) ?? -1) }
        )
        try print(Images(images: images, warmStates: states))
        return 0
    }

    private struct Images: Report {
        let images: [GuestImage]
        let warmStates: [String: Int]

        var text: String {
            guard !images.isEmpty else { return "" }
            return Table(
                header: ["NAME", "ARCHITECTURE", "MEMORY", "KERNEL", "WARM", "BUILT"],
                rows: images.map { image in
                    [
                        image.name, image.architecture.rawValue, "\(image.memory)",
                        image.kernelRelease ?? "-",
                        warm(image), image.created.formatted(.iso8601),
                    ]
                }
            ).text
        }

        private func warm(_ image: GuestImage) -> String {
            switch warmStates[image.name] ?? 0 {
            case 0: "-"
            case -1: "damaged"
            case let count: "\(count)"
            }
        }
    }
}
