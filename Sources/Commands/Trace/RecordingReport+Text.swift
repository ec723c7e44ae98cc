import Foundation
import HostSupport

extension RecordingReport {
    /// The most flows that a person is shown; all are in the JSON.
    private static let mostFlows = 40

    var text: String {
        var lines = ["recording \(name)" + (run.map { " of the run \($0)" } ?? "")]
        func add(_ name: String, _ value: String?) {
            guard let value else { return }
            lines.append("  " + name.padding(toLength: 10, withPad: " ", startingAt: 0) + " " + value)
        }
        add("when", when)
        add("guest", guest)
        add("snapshot", snapshot.map(text(of:)))
        add("log", "\(ByteSize(bytes: UInt64(log.bytes))), \(log.entries) entries, \(log.state)")
        add("length", length)
        add("replayed", verdict ?? (run == nil ? nil : "never"))
        add("interrupts", "\(log.interrupts) taken")
        add("network", "in: \(network.received.text("frames")); out: \(network.sent.text("frames"))")
        add("disk", "read: \(disk.reads.text("transfers")); written: \(disk.writes.text("transfers"))")
        for port in serial { add("serial", "\(port.port): \(port.written) bytes written, \(port.read) read") }
        lines.append("")
        lines.append(entryTable)
        if !network.flows.isEmpty { lines += ["", flowTable] }
        return lines.joined(separator: "\n")
    }

    private var when: String? {
        guard let started else { return nil }
        let end = ended.map { " to \($0.formatted(Self.timeStyle))" } ?? ""
        return started.formatted(Self.timeStyle) + end
    }

    private static let timeStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    private var guest: String? {
        let machine = snapshot?.machine
        let parts = [
            image, machine?.architecture, machine?.type,
            machine.map { "\(ByteSize(bytes: $0.memory)) of memory" },
        ]
        let known = parts.compactMap { $0 }
        return known.isEmpty ? nil : known.joined(separator: ", ")
    }

    private func text(of snapshot: Snapshot) -> String {
        var parts = ["\(ByteSize(bytes: UInt64(snapshot.bytes)))"]
        if snapshot.isCut { parts.append("its end is missing") }
        let stored = snapshot.blocks.reduce(0) { $0 + $1.storedPages }
        let filled = snapshot.blocks.reduce(0) { $0 + $1.filledPages }
        if !snapshot.blocks.isEmpty {
            parts.append("\(stored) pages stored, \(filled) of one byte, \(snapshot.devices.count) devices")
        }
        return parts.joined(separator: ", ")
    }

    private var length: String {
        var parts = ["\(instructions) instructions"]
        if let seconds { parts.append(Duration.seconds(seconds).text) }
        if let idleShare { parts.append("idle for some \(Words.percent(idleShare))") }
        return parts.joined(separator: ", ")
    }

    private var entryTable: String {
        let calls = log.calls.map { ["  \($0.kind)", "\($0.entries)", "\($0.bytes)", share(of: $0.bytes)] }
        let rows = log.kinds.flatMap { kind in
            [[kind.kind, "\(kind.entries)", "\(kind.bytes)", share(of: kind.bytes)]]
                + (kind.kind == "skippedCall" ? calls : [])
        }
        return Table(header: ["ENTRIES", "COUNT", "BYTES", "SHARE"], rows: rows).text
    }

    private func share(of bytes: Int) -> String { Words.percent(Double(bytes) / Double(max(log.bytes, 1))) }

    private var flowTable: String {
        let rows = network.flows.prefix(Self.mostFlows).map { flow in
            [
                flow.transport, flow.client, flow.server, flow.isFromGuest ? "out" : "in",
                "\(flow.sent.count)/\(flow.received.count)", "\(flow.sent.bytes)/\(flow.received.bytes)",
                "\(flow.firstInstruction)-\(flow.lastInstruction)",
            ]
        }
        let header = ["FLOW", "FROM", "TO", "", "FRAMES", "BYTES", "INSTRUCTIONS"]
        let rest = network.flows.count - rows.count
        return Table(header: header, rows: rows).text + (rest > 0 ? "\nand \(rest) more" : "")
    }
}
