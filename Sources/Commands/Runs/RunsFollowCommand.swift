import ArgumentParser
import Catalogue
import Foundation
import HostSupport
import RunRecords

struct RunsFollowCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Tell of each change of a collection's runs as it comes, until Ctrl-C",
        discussion: """
            With --json each change is one line. --since-change goes on where an earlier one has stopped: each change \
            has a number, greater than those before.

            Examples:
              $ pandacap runs follow
              $ pandacap runs follow --json --since-change 0
            """
    )

    @OptionGroup var collection: CollectionOptions

    @Option(
        help: ArgumentHelp("Tell of what has changed since this change first.", valueName: "number")
    )
    var sinceChange: Int64?

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        Interrupts.take()
        let catalogue = try Catalogue.looking(at: try collection.existing(), console: console)
        var last = try sinceChange ?? catalogue.lastChange()
        console.step("following the runs of \(catalogue.collection)")
        var refreshed = ContinuousClock.now
        var pause = Duration.seconds(1)
        while Interrupts.count == 0 {
            for change in try catalogue.changes(since: last) {
                last = change.number
                try tell(change)
            }
            // Fleets enter their runs themselves. What others make is found by looking, which takes longer the more
            // runs there are.
            if catalogue.access != .reading, ContinuousClock.now - refreshed > pause {
                let start = ContinuousClock.now
                _ = try catalogue.refresh()
                refreshed = .now
                pause = max(.seconds(1), (refreshed - start) * 20)
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        return 0
    }

    private func tell(_ change: CatalogueChange) throws {
        if global.json {
            try StandardStream.output.write(try JSONText.encode(change, isLine: true))
            return
        }
        var words = [Date().formatted(date: .omitted, time: .standard), change.id]
        if let run = change.run {
            words.append(run.state.rawValue)
            if let origin = run.originText { words.append("for \(origin)") }
            if run.recordings > 0 { words.append("\(run.recordingsText) verified") }
            if let bytes = run.bytes { words.append("\(ByteSize(bytes: bytes))") }
            if !run.note.isEmpty { words.append("(\(run.note))") }
        } else {
            words.append("removed")
        }
        try StandardStream.output.write(Console.printable(words.joined(separator: "  ")) + "\n")
    }
}
