import Foundation
import HostSupport
import PageTemplates
import RunRecords
import WebServer

/// One run: what is known of it, what it left, and who was there.
struct RunPage {
    /// How much is shown of what the guest printed.
    private static let lines = 60
    /// How many visitors are shown.
    private static let peers = 100

    let id: String
    let collection: CollectionSource
    let folder: RunFolder
    let files: RunFiles

    /// The page.
    func page() throws -> Page {
        var values: [String: Any] = [
            "id": id, "folder": folder.path.string, "collection": collection.path.name,
            "runsHref": Address.runs(in: collection),
        ]
        do {
            let record = try RunRecord.read(from: folder)
            values.merge(known(record)) { $1 }
            let hasTrace = record.recordings.contains { $0.log != nil && $0.snapshot != nil }
            values["hasReport"] = hasTrace
            values["reportHref"] = Address.run(id, in: collection, ["report"])
            values["replayCommand"] = shellLine(["pandacap", "replay", folder.path.string])
        } catch {
            values["state"] = "damaged"
            values["reason"] = (error as? Failure)?.message ?? "\(error)"
            values["hasReason"] = true
        }
        values["downloads"] = files.items.map { item in
            [
                "name": item.name, "size": Words.size(item.bytes),
                "href": Address.run(id, in: collection, ["files"] + item.path),
            ]
        }
        values["texts"] = texts
        return Page(title: "Run \(id)", place: .runs, content: try Page.Resource.run.get().html(values))
    }

    private func known(_ record: RunRecord) -> [String: Any] {
        let warnings = record.warnings + (record.marks ?? []).map { "the guest: \($0)" }
        var values: [String: Any] = [
            "isKnown": true, "state": record.state.rawValue, "reason": record.reason ?? "",
            "hasReason": record.reason != nil, "label": record.label ?? "", "hasLabel": record.label != nil,
            "tags": (record.tags ?? []).map {
                ["name": $0, "href": Address.runs(in: collection, [("tag", $0)])]
            },
            "hasTags": record.tags?.isEmpty == false, "warnings": warnings,
            "facts": facts(record).map { ["name": $0.0, "value": $0.1] },
            "life": life(record), "recordings": record.recordings.map(Self.values),
            "hasRecordings": !record.recordings.isEmpty,
            "commands": record.commands.map { command in
                [
                    "line": shellLine(command.arguments),
                    "status": command.status.map { "status \($0)" } ?? "no status came back",
                ]
            },
            "hasCommands": !record.commands.isEmpty,
        ]
        let peers = (try? RunPeers.read(from: folder)) ?? nil
        let shown = (peers?.peers ?? []).prefix(Self.peers)
        values["hasPeers"] = !shown.isEmpty
        values["peers"] = shown.map(Self.values)
        let others = (peers?.peers.count ?? 0) - shown.count + (peers?.omitted ?? 0)
        values["otherPeers"] = Words.count(others)
        values["hasOthers"] = others > 0
        return values
    }

    private func facts(_ record: RunRecord) -> [(String, String)] {
        let all: [(String, String?)] = [
            ("Image", record.image.name),
            ("Machine", "\(record.machine.architecture.rawValue), \(record.machine.memory)"),
            ("Engine", record.engine.version),
            ("Started from", record.start.warmState.map { "the warm state \($0)" } ?? "power-on"),
            ("Ready after", record.start.reachable.map { Words.seconds($0) }),
            ("Trigger", record.trigger.rawValue),
            (
                "Made for",
                record.origin.map {
                    "\($0.kind.rawValue) \($0.name), \($0.kind == .fleet ? "slot" : "item") \($0.number)"
                }
            ),
            ("Ended by", record.ending),
            ("Connections", record.connections.map(Words.count)),
            ("Network", record.egress ? "reached beyond the host" : "no way out"),
            ("Engine confined", record.confined ? "by the kernel" : "no"),
            (
                "Refused",
                record.refused.flatMap { $0.packets > 0 ? "\(Words.count($0.packets)) packets" : nil }
            ),
            ("Guest's system", record.osProfile?.os),
            ("Made by", "pandacap \(record.version)"),
            ("Folder", folder.path.string),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }

    /// The states that it went through, each with how long after the one before.
    private func life(_ record: RunRecord) -> [[String: Any]] {
        let steps = record.times.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        return steps.enumerated().map { index, step in
            let wait = index == 0 ? nil : step.value.timeIntervalSince(steps[index - 1].value)
            return [
                "state": step.key, "time": index == 0 ? Words.time(step.value) : Words.timeOfDay(step.value),
                "wait": wait.map { "+ \(Words.seconds($0))" } ?? "", "iso": JSONText.timeText(step.value),
            ]
        }
    }

    private static func values(_ recording: Recording) -> [String: Any] {
        let length = recording.started.flatMap { start in recording.ended?.timeIntervalSince(start) }
        let verification = recording.verification
        return [
            "name": recording.name, "structure": recording.structure.rawValue,
            "instructions": recording.instructions.map(Words.count) ?? "–",
            "entries": recording.entries.map(Words.count) ?? "–", "length": Words.seconds(length),
            "snapshot": Words.size(recording.snapshot?.bytes), "log": Words.size(recording.log?.bytes),
            "verdict": verification?.verdict.rawValue ?? "not replayed",
            "replay": verification.map { "in \(Words.seconds($0.seconds))" } ?? "",
            "problem": [recording.problem, verification?.problem].compactMap { $0 }.joined(separator: "; "),
            "salvaged": recording.salvaged.map { "salvaged from \($0.from)" } ?? "",
        ]
    }

    private static func values(_ peer: Peer) -> [String: Any] {
        let place = peer.address.contains(":") ? "[\(peer.address)]" : peer.address
        return [
            "address": "\(peer.isFromGuest ? "→ " : "")\(place):\(peer.port)",
            "port": "\(peer.guestPort)/\(peer.transport)", "first": Words.time(peer.first),
            "length": Words.seconds(peer.last.timeIntervalSince(peer.first)),
            "received": Words.size(peer.received), "sent": Words.size(peer.sent),
            "banner": peer.banner ?? "–",
            "users": peer.users.isEmpty ? "–" : peer.users.joined(separator: " "),
        ]
    }

    /// The last of what was printed.
    private var texts: [[String: Any]] {
        [
            (folder.standardOutput, "What the command printed"), (folder.standardError, "Its standard error"),
            (folder.console, "The guest's console"),
        ].compactMap { path, title in
            guard let lines = files.lastLines(of: [path.name], count: Self.lines, within: 16 << 10) else {
                return nil
            }
            return ["title": title, "name": path.name, "lines": lines]
        }
    }
}
