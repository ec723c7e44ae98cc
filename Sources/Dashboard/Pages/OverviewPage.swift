import Catalogue
import Fleets
import Foundation
import HostSupport
import PageTemplates
import RunRecords

/// The first page: what the collections hold, and what the fleets are doing.
struct OverviewPage {
    /// How many of the newest runs are shown of each collection.
    private static let newest = 8

    let collections: [CollectionSource]
    let fleets: [FleetSource]

    /// What there is to be told now.
    func live(at now: Date) throws -> LiveValues {
        var live = LiveValues()
        var sentences: [String] = []
        for collection in collections {
            let totals = try collection.totals().totals
            let prefix = "c\(collection.number)-"
            live.values.merge(Self.values(totals, prefix: prefix)) { $1 }
            let shares = StateShares(totals)
            live.values[prefix + "bar"] = shares.description
            for share in shares.shares {
                live.values[prefix + share.state.rawValue] = Words.count(share.count)
                live.values[prefix + share.state.rawValue + "-x"] = StateShares.text(share.start)
                live.values[prefix + share.state.rawValue + "-w"] = StateShares.text(share.width)
            }
            let rows = try rows(of: collection, at: now)
            for (index, row) in rows.enumerated() {
                for (name, value) in row {
                    if let text = value as? String { live.values["\(prefix)n\(index)-\(name)"] = text }
                }
            }
            live.layout += "\(collection.number): \(rows.count) rows, "
            sentences.append("\(Words.number(totals.runs, "run")), \(Words.count(totals.verified)) verified.")
        }
        for (index, fleet) in fleets.enumerated() {
            live.layout += "fleet \(index + 1),"
            guard let (status, isRunning) = fleet.status(at: now) else {
                live.layout += "unknown,"
                continue
            }
            let values = FleetValues(status: status, isRunning: isRunning)
            live.values.merge(values.values(prefix: "f\(index + 1)-")) { $1 }
            sentences.append("Fleet \(status.name): \(values.phase).")
        }
        live.values["sentence"] = sentences.joined(separator: " ")
        return live
    }

    /// The page.
    func page(at now: Date) throws -> Page {
        let live = try live(at: now)
        let content = try Page.Resource.overview.get().html([
            "collections": collections.map { try values(of: $0, at: now) },
            "hasFleets": !fleets.isEmpty,
            "fleets": fleets.enumerated().map { values(of: $1, number: $0 + 1, at: now) },
        ])
        return Page(
            title: "Overview",
            place: .overview,
            content: content,
            events: "/events",
            layout: live.stamp
        )
    }

    private static func values(_ totals: CatalogueTotals, prefix: String) -> [String: String] {
        [
            prefix + "runs": Words.count(totals.runs), prefix + "recordings": Words.count(totals.recordings),
            prefix + "proven": Words.count(totals.verified), prefix + "bytes": Words.size(totals.bytes),
            prefix + "peers": Words.count(totals.peers),
        ]
    }

    private func rows(of collection: CollectionSource, at now: Date) throws -> [[String: Any]] {
        var query = RunQuery()
        query.limit = Self.newest
        return try collection.catalogue.runs(query).map { $0.values(at: now, in: collection) }
    }

    private func values(of collection: CollectionSource, at now: Date) throws -> [String: Any] {
        let totals = try collection.totals().totals
        let prefix = "c\(collection.number)-"
        let values = Self.values(totals, prefix: prefix)
        let tiles = [
            ("runs", "Runs"), ("recordings", "Recordings"), ("proven", "Proven to replay"),
            ("bytes", "On disk"),
            ("peers", "Visitors"),
        ].map { key, name in ["key": prefix + key, "name": name, "value": values[prefix + key] ?? ""] }
        let shares = StateShares(totals)
        let runs = try rows(of: collection, at: now).enumerated().map { index, row in
            row.merging(["key": "\(prefix)n\(index)"]) { $1 }
        }
        return [
            "name": collection.path.name, "path": collection.path.string, "id": "c\(collection.number)",
            "tiles": tiles, "hasRuns": totals.runs > 0, "shares": shares.values(in: collection),
            "barText": shares.description, "runs": runs,
            "allRuns": Address.runs(in: collection),
        ]
    }

    private func values(of fleet: FleetSource, number: Int, at now: Date) -> [String: Any] {
        var values: [String: Any] = [
            "name": fleet.folder.path.name, "href": Address.fleet(fleet), "key": "f\(number)",
        ]
        guard let (status, isRunning) = fleet.status(at: now) else {
            values["isUnknown"] = true
            return values
        }
        values["isKnown"] = true
        for (name, value) in FleetValues(status: status, isRunning: isRunning).values() {
            values[name] = value
        }
        return values
    }
}
