import ArgumentParser
import Catalogue
import Foundation
import HostSupport

struct RunsCollectCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove runs that are not worth their room any more",
        discussion: """
            What goes must be said: by age, by state, by how many stay, or by the room that is to be had. Of the \
            states, failed and diverged runs go, and others only where --state names them: recorded, verified and \
            damaged ones. A run that failed and has a recording that was salvaged and verified counts among the \
            verified. A run that is going on never goes.

            Where sizes are given, the oldest go until there is room enough, and no more.

            Examples:
              $ pandacap runs gc --older-than 30d --dry-run
              $ pandacap runs gc --state failed
              $ pandacap runs gc --state verified --state failed --until-free 20G
              $ pandacap runs gc --fleet honeypots --state verified --keep-newest 1000
            """
    )

    @OptionGroup var filter: RunFilter

    @Option(help: ArgumentHelp("Only runs planned longer ago, such as 30d.", valueName: "time"))
    var olderThan: TimeSpan?

    @Option(help: ArgumentHelp("So many of the newest of them stay.", valueName: "number"))
    var keepNewest: Int?

    @Option(help: ArgumentHelp("The oldest go until so much of the disk is free.", valueName: "size"))
    var untilFree: ByteSize?

    @Option(help: ArgumentHelp("The oldest go until all runs take no more than this.", valueName: "size"))
    var maxSize: ByteSize?

    @Flag(help: "Show what would go and how much that is, and remove nothing.")
    var dryRun = false

    @OptionGroup var collection: CollectionOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        let isSaid = olderThan != nil || keepNewest != nil || untilFree != nil || maxSize != nil
        guard isSaid || !filter.state.isEmpty || filter.until != nil else {
            throw ValidationError(
                "Say what goes: with --older-than, --state, --until, --keep-newest, --until-free or --max-size."
            )
        }
        if let keepNewest, keepNewest < 0 { throw ValidationError("--keep-newest takes a number from 0 on.") }
    }

    func execute(_ console: Console) async throws -> Int32 {
        Interrupts.take()
        let catalogue =
            try dryRun
            ? Catalogue.looking(at: try collection.existing(), console: console)
            : Catalogue(collection: try collection.existing(), console: console)
        if !dryRun { _ = try catalogue.refresh() }
        var request = RemovalRequest()
        request.query = filter.query
        request.before = olderThan.map { Date(timeIntervalSinceNow: -$0.duration.seconds) }
        request.keptNewest = keepNewest ?? 0
        request.freeBytes = untilFree
        request.mostBytes = maxSize
        let plan = try RemovalPlan.make(
            request,
            of: catalogue,
            free: try FileSystem.freeSpace(at: catalogue.collection)
        )
        if dryRun {
            try print(RemovedReport(result: RunRemoval.Result(plan), isPlan: true))
            return 0
        }
        let result = try RunRemoval(of: catalogue).carryOut(plan) { console.progress("removed \($0.id)") }
        console.endProgress()
        try print(RemovedReport(result: result, isPlan: false))
        return 0
    }
}

private struct RemovedReport: Report {
    let result: RunRemoval.Result
    let isPlan: Bool

    func encode(to encoder: any Encoder) throws { try result.encode(to: encoder) }

    var text: String {
        let verb = isPlan ? "would remove" : "removed"
        let kept = result.kept.map { "left alone: \($0.id): \($0.reason)" }
        guard !result.removed.isEmpty else { return (kept + ["nothing to remove"]).joined(separator: "\n") }
        let sum = "\(verb) \(result.removed.count) runs, \(ByteSize(bytes: result.freed))"
        return (kept + result.removed.map { "\(verb) \($0)" } + [sum]).joined(separator: "\n")
    }
}
