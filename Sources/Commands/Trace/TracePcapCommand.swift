import ArgumentParser
import Foundation
import HostSupport
import Inspection
import Replays
import Traces

struct TracePcapCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "pcap",
        abstract: "List or extract the packets of a guest's network",
        discussion: """
            A recording holds every frame that the guest sent or received. With --write they become a capture in the \
            format pcapng, for Wireshark or tcpdump; else they are listed. Each packet's time is interpolated from the \
            guest's reads of the time stamp counter, and its comment says at which guest instruction it came and by how \
            much the time can be wrong.

            Examples:
              $ pandacap trace pcap RUN-ID
              $ pandacap trace pcap RUN-ID --write packets.pcapng
              $ pandacap trace pcap RUN-ID --write - | tcpdump -n -r -
            """
    )

    @OptionGroup var trace: TraceOptions

    @Option(
        help: ArgumentHelp(
            "When the recording began, where its run does not say, such as 2020-02-01T12:00:00Z.",
            valueName: "time"
        )
    )
    var start: Instant?

    @OptionGroup var file: WriteOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        try await trace.withSource(console) { source in
            let item = try source.single()
            let opened = try OpenedLog(item)
            let times = RecordingTimes(
                opened.clockReads(),
                files: item.files,
                recording: item.recording,
                start: start?.date
            )
            let extraction = PacketExtraction(of: opened.log, limits: opened.limits, times: times)
            for problem in opened.problems { console.warning(problem) }
            guard file.write != nil else {
                try print(PacketListReport(extraction, times))
                return 0
            }
            var output = try file.open()
            let count = try extraction.write(
                to: &output,
                application: "pandacap \(PandacapVersion.current)",
                source: item.name
            )
            try output.finish()
            console.step("\(count) packets; \(times.explanation)")
            return 0
        }
    }
}

/// The packets of a recording.
private struct PacketListReport: Report {
    struct Packet: Encodable {
        let instruction: UInt64
        let time: Date?
        let seconds: Double?
        let uncertainty: Double?
        let direction: String
        let bytes: Int
        let transport: String
        let source: String
        let destination: String
    }

    let times: String
    let packets: [Packet]

    init(_ extraction: PacketExtraction, _ times: RecordingTimes) throws {
        var packets: [Packet] = []
        try extraction.read { packet in
            let headers = PacketHeaders(packet.bytes)
            packets.append(
                Packet(
                    instruction: packet.frame.instructionCount,
                    time: times.start == nil ? nil : packet.moment.map(times.date),
                    seconds: packet.moment?.seconds,
                    uncertainty: packet.moment?.uncertainty,
                    direction: packet.frame.direction == .sent ? "sent" : "received",
                    bytes: packet.bytes.count,
                    transport: headers.map { Words.transport($0.transport) } ?? "-",
                    source: headers.map { Words.endpoint($0.source) } ?? "-",
                    destination: headers.map { Words.endpoint($0.destination) } ?? "-"
                )
            )
        }
        self.packets = packets
        self.times = times.explanation
    }

    var text: String {
        guard !packets.isEmpty else { return "no packets" }
        let rows = packets.map { packet in
            [
                "\(packet.instruction)", packet.seconds.map { Words.seconds($0) } ?? "-",
                packet.direction == "sent" ? "out" : "in", "\(packet.bytes)", packet.transport,
                packet.source, packet.destination,
            ]
        }
        let header = ["INSTRUCTION", "SECONDS", "", "BYTES", "PROTOCOL", "FROM", "TO"]
        return Table(header: header, rows: rows).text
    }
}
