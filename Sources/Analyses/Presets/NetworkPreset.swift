import HostSupport
import RunRecords
import Traces

extension AnalysisPreset {
    static let network = AnalysisPreset(
        "network",
        "each packet, read out of the recording's log without a replay",
        plugins: [],
        source: PacketTables()
    )
}

/// A table of the packets in a recording's log, which holds all that came to the guest or left it.
struct PacketTables: TableSource {
    static let packets = ResultTable(
        "packets",
        "a frame of the guest's network",
        [
            .init("instr", .integer, "when it came or went, in guest instructions"),
            .init("direction", .text, "received or sent, by the guest"),
            .init("bytes", .integer, "its length"),
            .init("protocol", .text, "tcp, udp, icmp, arp, or the number of another"),
            .init("source", .text, "the address that it is from"),
            .init("source_port", .integer, "the port that it is from"),
            .init("destination", .text, "the address that it is for"),
            .init("destination_port", .integer, "the port that it is for"),
        ]
    )

    var tables: [ResultTable] { [Self.packets] }

    func read(_ output: AnalysisOutput, into sink: TableSink) throws {
        try sink.begin(Self.packets)
        let files = RecordingFiles(prefix: output.recording.string)
        do {
            let log = try NondetLog(path: files.nondetLogPath)
            let limits = NondetLogLimits(
                memoryBytes: try SnapshotHead(path: files.snapshotPath).totalRAMBytes
            )
            var reader = log.makeFrameReader(limits: limits)
            while let frame = try reader.next() {
                try sink.add(Self.row(frame, log.bytes(of: frame)), to: Self.packets)
            }
        } catch let error as TraceFormatError {
            throw Failure(.badData, "\(files.nondetLogPath): \(error)")
        }
    }

    private static func row(_ frame: NetworkFrame, _ bytes: [UInt8]) -> [ResultTable.Cell?] {
        let headers = PacketHeaders(bytes)
        return [
            .count(frame.instructionCount), .text(frame.direction == .sent ? "sent" : "received"),
            .count(frame.byteCount), headers.map { .text(name($0.transport)) },
            headers.map { .text($0.source.address) }, headers?.source.port.map { .count($0) },
            headers.map { .text($0.destination.address) }, headers?.destination.port.map { .count($0) },
        ]
    }

    private static func name(_ transport: PacketHeaders.Transport) -> String {
        switch transport {
        case .tcp: "tcp"
        case .udp: "udp"
        case .icmp: "icmp"
        case .arp: "arp"
        case .ip(let number): "ip \(number)"
        case .ethernet(let number): "ethernet 0x" + String(number, radix: 16)
        }
    }
}
