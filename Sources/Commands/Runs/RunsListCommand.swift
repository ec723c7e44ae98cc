import ArgumentParser
import Catalogue
import Foundation
import HostSupport
import RunRecords

struct RunsListCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List runs, the newest first",
        discussion: """
            RECORDINGS says how many of the recordings are verified. A run is 'damaged' where its folder has no \
            run.json that can be understood. Without --limit a table has 50 runs, and JSON has all of them.

            Examples:
              $ pandacap runs
              $ pandacap runs list --fleet honeypots --slot 0 --since 2h
              $ pandacap runs list --peer 203.0.113.7 --json
              $ pandacap runs list --sort size --limit 10
            """
    )

    @OptionGroup var filter: RunFilter
    @OptionGroup var collection: CollectionOptions

    @Option(
        help: ArgumentHelp(
            "What they are sorted by, the greatest first: \(RunQuery.Order.names).",
            valueName: "key"
        )
    )
    var sort = RunQuery.Order.time

    @Flag(help: "The other way round.")
    var reverse = false

    @Option(help: ArgumentHelp("The most runs to list.", valueName: "number"))
    var limit: Int?

    @Option(help: ArgumentHelp("How many are left out before.", valueName: "number"))
    var offset = 0

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (limit ?? 0) >= 0, offset >= 0 else {
            throw ValidationError("--limit and --offset take numbers from 0 on.")
        }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let catalogue = try Catalogue.looking(at: try collection.existing(), console: console)
        var query = filter.query
        query.order = sort
        query.isDescending = !reverse
        query.offset = offset
        let most = limit ?? (global.json ? nil : 50)
        // One more tells whether there are more.
        query.limit = most.map { $0 + 1 }
        let found = try catalogue.runs(query)
        let shown = most.map { Array(found.prefix($0)) } ?? found
        if shown.isEmpty { console.step("there is no such run in \(catalogue.collection)") }
        try print(RunsReport(runs: shown, totals: try catalogue.totals()))
        if shown.count < found.count {
            console.step("there are more; --limit \(shown.count * 10) shows them")
        }
        return 0
    }
}

extension RunQuery.Order {
    fileprivate static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// Runs, and the sums over the whole collection.
struct RunsReport: Report {
    let runs: [CataloguedRun]
    let totals: CatalogueTotals

    var text: String {
        guard !runs.isEmpty else { return "" }
        let now = Date()
        return Table(
            header: ["RUN", "STATE", "IMAGE", "FOR", "RECORDINGS", "PEERS", "SIZE", "AGE", "NOTE"],
            rows: runs.map { run in
                [
                    run.id, run.state.rawValue, run.image ?? "-", run.originText ?? "-", run.recordingsText,
                    run.peers.map(String.init) ?? "-",
                    run.bytes.map { "\(ByteSize(bytes: $0))" } ?? "-", run.planned.age(at: now), run.note,
                ]
            }
        ).text
    }
}

extension CataloguedRun {
    /// What it was made for, such as `honeypots/0`.
    var originText: String? { origin.map { "\($0.name)/\($0.number)" } }

    /// How many recordings are verified.
    var recordingsText: String { recordings == 0 ? "-" : "\(verified) of \(recordings)" }

    /// What is worth a look, and the first line of the reason.
    var note: String {
        let words = (marks + [reason].compactMap { $0 }).joined(separator: ", ")
        let line = words.firstLine ?? ""
        return line.count > 80 ? line.prefix(77) + "..." : line
    }
}
