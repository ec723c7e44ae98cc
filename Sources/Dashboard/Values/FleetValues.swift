import Fleets
import Foundation
import HostSupport

/// What changes on the pages of a fleet while somebody looks, by the names that its elements have.
struct FleetValues {
    let status: FleetStatus
    let isRunning: Bool

    /// What it is doing, in a word.
    var phase: String { isRunning ? status.phase.rawValue : "not running" }

    /// How many slots do what.
    var slots: String {
        let parts = FleetStatus.SlotState.allCases.compactMap { state -> String? in
            let count = status.slots.count { $0.state == state }
            return count == 0 ? nil : "\(Words.count(count)) \(state.rawValue)"
        }
        return parts.joined(separator: ", ")
    }

    /// What a screen reader is told now and then.
    var sentence: String {
        "Fleet \(status.name) \(phase): \(slots). \(Words.number(status.totals.runs, "run")), "
            + "\(Words.number(status.totals.recordings, "recording")), "
            + "\(Words.count(status.totals.verified)) verified."
    }

    /// The values of the fleet as a whole.
    func values(prefix: String = "") -> [String: String] {
        let totals = status.totals
        let pairs: [(String, String)] = [
            ("phase", phase), ("slots", slots), ("runs", Words.count(totals.runs)),
            ("discarded", Words.count(totals.discarded)), ("sessions", Words.count(totals.sessions)),
            ("recordings", Words.count(totals.recordings)), ("bytes", Words.size(totals.bytes)),
            ("verified", Words.count(totals.verified)), ("diverged", Words.count(totals.diverged)),
            ("failures", Words.count(totals.failures.values.reduce(0, +))),
            ("pending", Words.count(status.verification.pending)),
            ("replaying", Words.count(status.verification.running)),
            ("lag", Words.seconds(status.verification.lag)),
            ("ready", Self.text(status.timeToReady)), ("turnaround", Self.text(status.turnaround)),
            ("memory", Words.size(status.usage.memory)),
            ("processor", Words.seconds(status.usage.processorSeconds)),
            ("files", Words.count(status.usage.files)), ("free", Words.size(status.freeBytes)),
            ("updated", Words.time(status.updated)),
            ("notice", notice),
        ]
        return Dictionary(uniqueKeysWithValues: pairs.map { (prefix + $0.0, $0.1) })
    }

    /// What a person should know before all else.
    private var notice: String {
        if !isRunning {
            return status.phase == .stopped
                ? "This fleet has ended; this is what it did last."
                : "This fleet's process has died; this is what it did last. 'pandacap fleet up' puts right what it left."
        }
        if let until = status.breakerOpenUntil {
            return "Paused: no guest became ready. The next is tried at \(Words.time(until)) UTC."
        }
        return ""
    }

    /// The values of the slots.
    var slotValues: [String: String] {
        var all: [String: String] = [:]
        for slot in status.slots {
            for (name, value) in Self.values(of: slot, at: status.updated) {
                all["s\(slot.number)-\(name)"] = value
            }
        }
        return all
    }

    /// What a row says of a slot.
    static func values(of slot: FleetStatus.Slot, at now: Date) -> [String: String] {
        [
            "state": slot.state.rawValue, "port": slot.port.map { "\($0)" } ?? "–",
            "since": Words.seconds(now.timeIntervalSince(slot.since)), "runs": Words.count(slot.runs),
            "recordings": Words.count(slot.recordings), "failures": Words.count(slot.failures),
            "run": slot.run ?? "–", "note": slot.note ?? "",
        ]
    }

    private static func text(_ times: FleetStatus.Times) -> String {
        guard let median = times.median, let ninetieth = times.ninetieth else { return "–" }
        return "\(Words.seconds(median)), nine of ten within \(Words.seconds(ninetieth))"
    }
}
