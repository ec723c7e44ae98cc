import Foundation
import GRDB
import HostSupport
import RunRecords

/// All that the catalogue keeps of one run, gathered before the database is asked for anything.
struct CatalogueEntry: Sendable {
    private let id: String
    private let record: RunRecord?
    private let reason: String?
    private let stamp: RecordStamp
    private let bytes: UInt64?
    private let peers: RunPeers?

    /// Gathers what is to be entered of a run whose record is sound.
    init(_ record: RunRecord, in folder: RunFolder) {
        self.init(record, in: folder, stamp: RecordStamp(folder))
    }

    private init(_ record: RunRecord, in folder: RunFolder, stamp: RecordStamp) {
        id = folder.path.name
        self.record = record
        reason = record.reason
        self.stamp = stamp
        let hasEnded = record.state == .recorded || record.state.isFinal
        bytes = hasEnded ? DiskUsage.bytes(in: folder.path) : nil
        peers = hasEnded ? (try? RunPeers.read(from: folder)) ?? nil : nil
    }

    /// Reads what is in a folder; a record that cannot be read makes it a damaged run.
    init(reading folder: RunFolder) {
        // Before the record: what is written meanwhile is read once more.
        let stamp = RecordStamp(folder)
        do {
            self.init(try RunRecord.read(from: folder), in: folder, stamp: stamp)
        } catch {
            self.init(damaged: folder, because: (error as? Failure)?.message ?? "\(error)", stamp: stamp)
        }
    }

    private init(damaged folder: RunFolder, because reason: String, stamp: RecordStamp) {
        id = folder.path.name
        record = nil
        self.reason = reason
        self.stamp = stamp
        bytes = DiskUsage.bytes(in: folder.path)
        peers = nil
    }

    var isDamaged: Bool { record == nil }

    /// Enters it over what was there.
    func enter(into database: Database) throws {
        try database.execute(sql: "DELETE FROM recordings WHERE run = ?", arguments: [id])
        try database.execute(sql: "DELETE FROM peers WHERE run = ?", arguments: [id])
        try database.execute(sql: "DELETE FROM removals WHERE id = ?", arguments: [id])
        let values = try columns(change: Self.nextChange(database))
        let names = values.map(\.name)
        let updates = names.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        try database.cachedStatement(
            sql: """
                INSERT INTO runs (\(names.joined(separator: ", ")))
                VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
                ON CONFLICT (id) DO UPDATE SET \(updates)
                """
        ).execute(arguments: StatementArguments(values.map(\.value)))
        for recording in record?.recordings ?? [] { try enter(recording, into: database) }
        for (number, peer) in (peers?.peers ?? []).enumerated() {
            try enter(peer, number, into: database)
        }
    }

    /// Removes a run.
    static func remove(_ id: String, from database: Database) throws {
        try database.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [id])
        guard database.changesCount > 0 else { return }
        try database.execute(
            sql: "INSERT OR REPLACE INTO removals VALUES (?, ?)",
            arguments: [id, try nextChange(database)]
        )
    }

    private static func nextChange(_ database: Database) throws -> Int64 {
        try database.execute(sql: "UPDATE counter SET value = value + 1")
        return try Int64.fetchOne(database, sql: "SELECT value FROM counter") ?? 0
    }

    private func columns(change: Int64) -> [(name: String, value: (any DatabaseValueConvertible)?)] {
        let origin = record?.origin
        let recordings = record?.recordings ?? []
        let times = record?.times ?? [:]
        let ended = [RunState.recorded, .failed].compactMap { times[$0.rawValue] }.min()
        return [
            ("id", id),
            ("change", change),
            ("state", (record.map { CataloguedRun.State($0.state) } ?? .damaged).rawValue),
            ("reason", reason),
            ("planned", JSONText.timeText(times[RunState.planned.rawValue] ?? stamp.date)),
            ("started", times[RunState.starting.rawValue].map(JSONText.timeText)),
            ("ended", ended.map(JSONText.timeText)),
            ("image", record?.image.name),
            ("image_digest", record?.image.digest),
            ("architecture", record?.machine.architecture.rawValue),
            ("memory_bytes", (record?.machine.memory.bytes).map(Int64.init(clamping:))),
            ("engine", record?.engine.version),
            ("trigger", record?.trigger.rawValue),
            ("origin_kind", origin?.kind.rawValue),
            ("origin_name", origin?.name),
            ("origin_number", origin?.number),
            ("attempt", origin?.attempt),
            // SQLite's integers have a sign.
            ("seed", origin?.seed.map { "\($0)" }),
            ("ending", record?.ending),
            ("warnings", record?.warnings.count ?? 0),
            ("marks", (record?.marks).map { $0.joined(separator: ",") }),
            ("label", record?.label),
            ("tags", (record?.tags).map { $0.joined(separator: ",") }),
            ("connections", record?.connections),
            ("recordings", recordings.count),
            ("verified", recordings.count { $0.verification?.verdict == .replayed }),
            ("bytes", bytes.map(Int64.init(clamping:))),
            ("peers", peers?.peers.count),
            ("record_changed", stamp.changed),
            ("record_bytes", stamp.bytes),
        ]
    }

    private func enter(_ recording: Recording, into database: Database) throws {
        func number(_ value: UInt64?) -> Int64? { value.map(Int64.init(clamping:)) }
        let verification = recording.verification
        try database.cachedStatement(
            sql: "INSERT INTO recordings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(
            arguments: [
                id, recording.name, recording.structure.rawValue, recording.problem,
                recording.started.map(JSONText.timeText), recording.ended.map(JSONText.timeText),
                number(recording.instructions), number(recording.entries),
                number(recording.snapshot?.bytes), recording.snapshot?.sha256,
                number(recording.log?.bytes), recording.log?.sha256, recording.salvaged?.from,
                verification?.verdict.rawValue, (verification?.time).map(JSONText.timeText),
                verification?.seconds, verification?.problem,
            ]
        )
    }

    private func enter(_ peer: Peer, _ number: Int, into database: Database) throws {
        try database.cachedStatement(
            sql: "INSERT INTO peers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(
            arguments: [
                id, number, peer.address, peer.port, peer.guestPort, peer.transport, peer.isFromGuest,
                JSONText.timeText(peer.first), JSONText.timeText(peer.last),
                Int64(clamping: peer.received), Int64(clamping: peer.sent), peer.banner,
            ]
        )
        for user in Set(peer.users) {
            try database.execute(
                sql: "INSERT INTO logins VALUES (?, ?, ?)",
                arguments: [id, number, user]
            )
        }
    }
}
