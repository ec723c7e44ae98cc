import Foundation
import GRDB
import HostSupport
import RunRecords

extension CataloguedRun {
    init(_ row: Row) {
        let kind = (row["origin_kind"] as String?).flatMap(RunRecord.Origin.Kind.init)
        origin = kind.map { kind in
            RunRecord.Origin(
                kind: kind,
                name: row["origin_name"] ?? "",
                number: row["origin_number"] ?? 0,
                attempt: row["attempt"],
                seed: (row["seed"] as String?).flatMap(UInt64.init)
            )
        }
        id = row["id"]
        change = row["change"]
        state = State(rawValue: row["state"]) ?? .damaged
        reason = row["reason"]
        planned = JSONText.time(row["planned"]) ?? .distantPast
        started = (row["started"] as String?).flatMap(JSONText.time)
        ended = (row["ended"] as String?).flatMap(JSONText.time)
        image = row["image"]
        trigger = (row["trigger"] as String?).flatMap(RunRecord.Trigger.init)
        ending = row["ending"]
        marks = (row["marks"] as String? ?? "").split(separator: ",").map(String.init)
        tags = (row["tags"] as String? ?? "").split(separator: ",").map(String.init)
        label = row["label"]
        connections = row["connections"]
        recordings = row["recordings"]
        verified = row["verified"]
        bytes = (row["bytes"] as Int64?).map { UInt64(max(0, $0)) }
        peers = row["peers"]
    }
}

extension Peer {
    init(_ row: Row, users: [String]) {
        self.init(
            address: row["address"],
            port: UInt16(clamping: row["port"] as Int64),
            guestPort: UInt16(clamping: row["guest_port"] as Int64),
            transport: row["transport"],
            isFromGuest: row["from_guest"],
            first: JSONText.time(row["first"]) ?? .distantPast
        )
        last = JSONText.time(row["last"]) ?? first
        received = UInt64(max(0, row["received_bytes"] as Int64))
        sent = UInt64(max(0, row["sent_bytes"] as Int64))
        banner = row["banner"]
        self.users = users
    }
}
