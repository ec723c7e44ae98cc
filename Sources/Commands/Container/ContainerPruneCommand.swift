import ArgumentParser
import Bootstrap
import Containers
import Foundation
import HostSupport

struct ContainerPruneCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove stopped containers and unnamed images that PANDAcap made, and nothing else",
        discussion: """
            Removed are containers of runs and of 'pandacap container test' that do not run, images of ours that \
            lost their name to a newer one, and private folders of test containers that are gone. Nothing is removed \
            by force: what is in use stays, and so does a container whose run is still going on. Containers that you \
            made of our images yourself are yours.

            Examples:
              $ pandacap container prune --dry-run
              $ pandacap container prune
              $ pandacap container prune --images
            """
    )

    @Flag(help: "Remove the images that IMAGE_NAME names, too, and what they were built on.")
    var images = false

    @Flag(help: "Show what would be removed, and do nothing.")
    var dryRun = false

    @OptionGroup var variables: VariableOptions
    @OptionGroup var runtime: ContainerRuntimeOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let runtime = try await runtime.find()
        let plan = try await PrunePlan.make(
            for: runtime,
            imageName: images ? try variables.read(console)["IMAGE_NAME"] : nil,
            home: Storage.home,
            environment: ProcessInfo.processInfo.environment
        )
        let result = dryRun ? plan.result : try await plan.carryOut(by: runtime)
        for kept in result.kept { console.step("left alone: \(kept.name): \(kept.reason)") }
        try print(PruneReport(result: result, isPlan: dryRun))
        return 0
    }
}

/// What was removed, and how much that freed.
private struct PruneReport: Report {
    let result: PruneResult
    let isPlan: Bool

    func encode(to encoder: any Encoder) throws { try result.encode(to: encoder) }

    var text: String {
        let things =
            result.containers.map { "container \($0)" } + result.images.map { "image \($0)" }
            + result.folders.map { "folder \($0)" }
        guard !things.isEmpty else { return "nothing to remove" }
        let verb = isPlan ? "would remove" : "removed"
        let last = isPlan ? "would free at most \(result.freed)" : "freed \(result.freed)"
        return (things.map { "\(verb) \($0)" } + (result.freed.bytes > 0 ? [last] : []))
            .joined(separator: "\n")
    }
}
