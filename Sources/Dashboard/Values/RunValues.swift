import Catalogue
import Foundation
import RunRecords
import WebServer

extension CataloguedRun {
    /// What a row of a table of runs says of it.
    func values(at now: Date, in collection: CollectionSource) -> [String: Any] {
        let words = (marks + [reason].compactMap { $0 }).joined(separator: ", ")
        let line = String(words.prefix { !$0.isNewline })
        return [
            "id": id, "href": Address.run(id, in: collection), "state": state.rawValue, "image": image ?? "–",
            "origin": origin.map { "\($0.name)/\($0.number)" } ?? "–",
            "recordings": recordings == 0 ? "–" : "\(verified) of \(recordings)",
            "peers": peers.map(Words.count) ?? "–", "size": Words.size(bytes),
            "planned": Words.time(planned), "age": Words.age(of: planned, at: now),
            "tags": tags, "note": line.count > 120 ? line.prefix(117) + "…" : line,
        ]
    }
}

/// Addresses of pages.
enum Address {
    /// That of a run.
    static func run(_ id: String, in collection: CollectionSource, _ further: [String] = []) -> String {
        let path = (["runs", id] + further).map { "/" + WebForm.encoded($0) }.joined()
        return collection.number == 1 ? path : path + "?in=\(collection.number)"
    }

    /// That of a fleet.
    static func fleet(_ fleet: FleetSource, _ further: String...) -> String {
        (["fleets", fleet.id] + further).map { "/" + WebForm.encoded($0) }.joined()
    }

    /// That of a list of runs, with what is asked for.
    static func runs(in collection: CollectionSource, _ fields: [(name: String, value: String)] = [])
        -> String
    {
        let place = collection.number == 1 ? [] : [WebForm.Field("in", "\(collection.number)")]
        let all = place + fields.map { WebForm.Field($0.name, $0.value) }
        return all.isEmpty ? "/runs" : "/runs?" + WebForm(all).text
    }
}

/// How many runs there are of each state, as a bar and its key.
struct StateShares {
    /// One state.
    struct Share {
        let state: CataloguedRun.State
        let count: Int
        let start: Double
        let width: Double
    }

    private static let order: [CataloguedRun.State] = [
        .verified, .recorded, .recording, .ready, .starting, .planned, .diverged, .failed, .damaged,
    ]

    /// All of them, whether there are such runs or not: states come and go while somebody looks.
    let shares: [Share]

    /// Sums up runs by their states.
    init(_ totals: CatalogueTotals) {
        let total = Double(max(1, totals.states.values.reduce(0, +)))
        var start = 0.0
        shares = Self.order.map { state in
            let count = totals.states[state.rawValue] ?? 0
            let width = Double(count) / total * 100
            defer { start += width }
            return Share(state: state, count: count, start: start, width: width)
        }
    }

    /// What is said of each.
    func values(in collection: CollectionSource) -> [[String: Any]] {
        shares.map { share in
            [
                "state": share.state.rawValue, "count": Words.count(share.count), "isNone": share.count == 0,
                "key": "c\(collection.number)-\(share.state.rawValue)",
                "href": Address.runs(in: collection, [("state", share.state.rawValue)]),
                "start": Self.text(share.start), "width": Self.text(share.width),
            ]
        }
    }

    /// What there is to be seen, for who cannot see it.
    var description: String {
        "Runs by state: "
            + shares.filter { $0.count > 0 }.map { "\(Words.count($0.count)) \($0.state.rawValue)" }
            .joined(separator: ", ")
    }

    static func text(_ number: Double) -> String { "\((number * 1000).rounded() / 1000)" }
}
