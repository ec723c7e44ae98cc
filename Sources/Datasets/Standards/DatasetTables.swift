import Foundation
import HostSupport
import RunRecords

/// The tables of a dataset: `traces.csv` has the first, `dataset.sqlite` all of them.
enum DatasetTables {
    /// A trace's file, for the table of files.
    typealias TraceFile = (trace: String, role: String, file: DatasetFile)
    /// A trace's peer, for the table of peers.
    typealias TracePeer = (trace: String, peer: Peer)

    static let traces = DataTable<DatasetTrace>(
        name: "traces",
        columns: [
            DataColumn("name", .text, "The trace's name") { .text($0.name) },
            DataColumn("run", .text, "The run's id") { .text($0.run) },
            DataColumn("recording", .text, "The recording's name in the run") { .text($0.recording) },
            DataColumn("verified", .boolean, "Whether it was proven to replay") { .boolean($0.isVerified) },
            DataColumn("started", .time, "When the recording began, UTC") { time($0.started) },
            DataColumn("seconds", .number, "How long it took, in seconds") { $0.seconds.map { .number($0) } },
            DataColumn("instructions", .integer, "How many instructions the guest executed") {
                $0.instructions.map { .integer($0) }
            },
            DataColumn("entries", .integer, "How many entries the log has") {
                $0.entries.map { .integer($0) }
            },
            DataColumn("image", .text, "The guest image's name") { .text($0.image) },
            DataColumn("image_digest", .text, "The digest of all that the image consists of") {
                .text($0.imageDigest)
            },
            DataColumn("architecture", .text, "The guest's architecture") { .text($0.architecture) },
            DataColumn("memory", .integer, "The guest's memory, in bytes") { .integer($0.memory) },
            DataColumn("os", .text, "What PANDA's option -os takes") { text($0.os) },
            DataColumn("trigger", .text, "What started and stopped the recording") { .text($0.trigger) },
            DataColumn("origin", .text, "The fleet or campaign that it was made for") { text($0.origin) },
            DataColumn("label", .text, "What its maker called it") { text($0.label) },
            DataColumn("tags", .text, "The words that its maker sorted it by, separated by spaces") {
                $0.tags.isEmpty ? nil : .text($0.tags.joined(separator: " "))
            },
            DataColumn("peers", .integer, "How many connections the guest had") {
                .integer(UInt64($0.peers.count))
            },
            DataColumn("snapshot", .text, "The snapshot, or the archive of both files, below data/") {
                .text($0.snapshot.path)
            },
            DataColumn("snapshot_bytes", .integer, "Its size, in bytes") { .integer($0.snapshot.bytes) },
            DataColumn("snapshot_reference", .text, "The packed file whose contents it is a difference from")
            {
                text($0.snapshot.restored?.reference)
            },
            DataColumn("restored_snapshot_bytes", .integer, "The size of what comes out of it, in bytes") {
                .integer($0.snapshot.restored?.bytes ?? $0.snapshot.bytes)
            },
            DataColumn("restored_snapshot_sha256", .text, "The SHA-256 digest of what comes out of it") {
                .text($0.snapshot.restored?.sha256 ?? $0.snapshot.sha256)
            },
            DataColumn("log", .text, "The log, below data/") { text($0.log?.path) },
            DataColumn("log_bytes", .integer, "Its size, in bytes") { $0.log.map { .integer($0.bytes) } },
            DataColumn("log_reference", .text, "The packed file whose contents it is a difference from") {
                text($0.log?.restored?.reference)
            },
            DataColumn("restored_log_bytes", .integer, "The size of what comes out of it, in bytes") {
                $0.log.map { .integer($0.restored?.bytes ?? $0.bytes) }
            },
            DataColumn("restored_log_sha256", .text, "The SHA-256 digest of what comes out of it") {
                $0.log.map { .text($0.restored?.sha256 ?? $0.sha256) }
            },
            DataColumn("record", .text, "The run's record, below data/") { .text($0.record.path) },
            DataColumn("packets", .text, "The run's packets, below data/") { text($0.packets?.path) },
            DataColumn("disk", .text, "What the guest wrote to its disk, below data/") {
                text($0.disk?.path)
            },
            DataColumn("kernel_information", .text, "The kernel profile, below data/") {
                text($0.kernelInformation?.path)
            },
        ]
    )

    private static let files = DataTable<TraceFile>(
        name: "files",
        columns: [
            DataColumn("trace", .text, "The trace's name; empty for base disks") { .text($0.trace) },
            DataColumn("role", .text, "What the file is to it") { .text($0.role) },
            DataColumn("path", .text, "The path below data/") { .text($0.file.path) },
            DataColumn("bytes", .integer, "The size, in bytes") { .integer($0.file.bytes) },
            DataColumn("sha256", .text, "The SHA-256 digest") { .text($0.file.sha256) },
            DataColumn("media_type", .text, "The media type") { .text($0.file.mediaType) },
            DataColumn("restored_name", .text, "What comes out of it") { text($0.file.restored?.name) },
            DataColumn("restored_bytes", .integer, "The size of that, in bytes") {
                $0.file.restored.map { .integer($0.bytes) }
            },
            DataColumn("restored_sha256", .text, "The SHA-256 digest of that") {
                text($0.file.restored?.sha256)
            },
            DataColumn("reference", .text, "The packed file whose contents it is a difference from") {
                text($0.file.restored?.reference)
            },
        ]
    )

    private static let peers = DataTable<TracePeer>(
        name: "peers",
        columns: [
            DataColumn("trace", .text, "The trace's name") { .text($0.trace) },
            DataColumn("address", .text, "The address") { .text($0.peer.address) },
            DataColumn("port", .integer, "The port") { .integer(UInt64($0.peer.port)) },
            DataColumn("guest_port", .integer, "The guest's port") { .integer(UInt64($0.peer.guestPort)) },
            DataColumn("transport", .text, "tcp or udp") { .text($0.peer.transport) },
            DataColumn("from_guest", .boolean, "Whether the guest began it") {
                .boolean($0.peer.isFromGuest)
            },
            DataColumn("first", .time, "When the first frame came") { time($0.peer.first) },
            DataColumn("last", .time, "When the last frame came") { time($0.peer.last) },
            DataColumn("received", .integer, "Bytes that the guest got") { .integer($0.peer.received) },
            DataColumn("sent", .integer, "Bytes that the guest sent") { .integer($0.peer.sent) },
            DataColumn("banner", .text, "The first line that was sent") { text($0.peer.banner) },
            DataColumn("users", .text, "The user names that were tried, one a line") {
                $0.peer.users.isEmpty ? nil : .text($0.peer.users.joined(separator: "\n"))
            },
        ]
    )

    /// The statements that make all tables.
    static func sql(_ index: DatasetIndex) -> String {
        let own: [TraceFile] = index.traces.flatMap { trace in
            [
                ("snapshot", trace.snapshot as DatasetFile?), ("log", trace.log), ("record", trace.record),
                ("packets", trace.packets), ("disk", trace.disk),
                ("kernel-information", trace.kernelInformation),
            ].compactMap { role, file in file.map { (trace.name, role, $0) } }
        }
        let disks: [TraceFile] = index.disks.map { ("", "base-disk", $0) }
        let visitors: [TracePeer] = index.traces.flatMap { trace in trace.peers.map { (trace.name, $0) } }
        return "BEGIN;\n" + traces.sql(index.traces) + files.sql(disks + own) + peers.sql(visitors)
            + "COMMIT;\n"
    }

    private static func text(_ value: String?) -> DataCell? { value.map { .text($0) } }

    private static func time(_ value: Date?) -> DataCell? { value.map { .text(JSONText.timeText($0)) } }
}
