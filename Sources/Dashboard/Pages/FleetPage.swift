import Fleets
import Foundation
import HostSupport
import PageTemplates

/// What a fleet is doing, slot by slot.
struct FleetPage {
    let fleet: FleetSource
    /// Where its runs are, if that collection is shown.
    let collection: CollectionSource?
    /// What the forms send back; nothing where nothing may be done.
    let formToken: String?

    /// What there is to be told now.
    func live(at now: Date) -> LiveValues? {
        guard let (status, isRunning) = fleet.status(at: now) else { return nil }
        let values = FleetValues(status: status, isRunning: isRunning)
        var live = LiveValues()
        live.values = values.values().merging(values.slotValues) { $1 }
        live.values["sentence"] = values.sentence
        live.layout =
            "\(status.slots.map(\.number)) \(isRunning) \(status.totals.failures.keys.sorted()) \(status.process)"
        return live
    }

    /// The page.
    ///
    /// - Throws: ``HostSupport/Failure`` with `not-found` where the fleet wrote nothing that can be understood.
    func page(at now: Date) throws -> Page {
        guard let live = live(at: now), let (status, isRunning) = fleet.status(at: now) else {
            throw Failure(
                .notFound,
                "the fleet '\(fleet.folder.path.name)' has written no status that can be understood"
            )
        }
        var values: [String: Any] = live.values
        let tiles = [
            ("runs", "Runs"), ("sessions", "Connections"), ("recordings", "Recordings"),
            ("bytes", "Recorded"),
            ("verified", "Verified"), ("diverged", "Diverged"), ("failures", "Failed"),
            ("pending", "To be replayed"),
        ].map { key, name in ["key": key, "name": name, "value": live.values[key] ?? ""] }
        let facts = [
            ("ready", "Ready in"), ("turnaround", "Ready again in"), ("lag", "Longest wait for a replay"),
            ("replaying", "Replayed now"), ("discarded", "Runs without a visitor"),
            ("memory", "Memory of its process"), ("processor", "Processor time"), ("files", "Open files"),
            ("free", "Free room on the disk"),
        ].map { key, name in ["key": key, "name": name, "value": live.values[key] ?? ""] }
        values["name"] = status.name
        values["tiles"] = tiles
        values["facts"] = facts
        values["started"] = Words.time(status.started)
        values["process"] = "\(status.process)"
        values["containment"] = status.containment ?? "nothing yet"
        values["slotRows"] = status.slots.map { slot in
            var row: [String: Any] = FleetValues.values(of: slot, at: status.updated)
            row["number"] = "\(slot.number)"
            row["key"] = "s\(slot.number)"
            return row
        }
        values["reasons"] = status.totals.failures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { ["reason": $0.key, "count": Words.count($0.value)] }
        values["hasReasons"] = !status.totals.failures.isEmpty
        values["runsHref"] = collection.map { Address.runs(in: $0, [("fleet", status.name)]) } ?? ""
        values["hasRuns"] = collection != nil
        values["mayControl"] = formToken != nil && isRunning
        values["formToken"] = formToken ?? ""
        values["drainHref"] = Address.fleet(fleet, "drain")
        values["downHref"] = Address.fleet(fleet, "down")
        return Page(
            title: "Fleet \(status.name)",
            place: .overview,
            content: try Page.Resource.fleet.get().html(values),
            events: Address.fleet(fleet, "events"),
            layout: live.stamp
        )
    }
}
