import Foundation
import HostSupport
import RunRecords
import Traces

/// What is known of a recording, in words.
struct RecordingFacts {
    let overview: TraceOverview
    let times: RecordingTimes
    let snapshot: SnapshotHead?
    let record: RunRecord?
    let recording: Recording?

    private static let timeStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// What is known, in the order of the page.
    var all: [ReportSection.Fact] {
        let facts: [(String, String?)] = [
            ("When", when), ("Guest", guest), ("Memory blocks", memoryBlocks),
            ("Engine", record?.engine.version),
            ("Snapshot", snapshotText), ("Log", log), ("Replayed", replayed),
            ("Interrupts", "\(overview.interrupts) taken"), ("Network", network), ("Disk", disk),
            ("Serial", serial), ("Times", times.explanation), ("Uncertainty", uncertainty),
        ]
        return facts.compactMap { name, value in value.map { ReportSection.Fact(name: name, value: $0) } }
    }

    /// How long it is: instructions, time, and how idle.
    var length: String {
        let count = overview.summary.duration
        let rounded = count < 10_000 ? "" : " (\(ReportUnit.count.text(Double(count))))"
        var parts = ["\(count) guest instructions\(rounded)"]
        if let seconds { parts.append(Duration.seconds(seconds).text) }
        if let share = overview.clock.idleShare {
            parts.append("idle for some \(ReportUnit.share.text(share))")
        }
        return parts.joined(separator: ", ")
    }

    private var seconds: Double? {
        if let started = recording?.started, let ended = recording?.ended {
            return max(0, ended.timeIntervalSince(started))
        }
        return overview.clock.last.flatMap { last in times.clock.map { $0.seconds(last.ticks) } }
            .flatMap { $0.isFinite && $0 >= 0 && $0 < 1e12 ? $0 : nil }
    }

    private var when: String? {
        guard let started = times.start else { return nil }
        let end = recording?.ended.map { " to \($0.formatted(Self.timeStyle))" } ?? ""
        return started.formatted(Self.timeStyle) + end
    }

    private var guest: String? {
        let parts: [String?] = [
            record?.image.name, record?.machine.architecture.rawValue, snapshot?.machine,
            snapshot.map { "\(ByteSize(bytes: $0.machineRAMBytes)) of memory" },
        ]
        let known = parts.compactMap { $0 }
        return known.isEmpty ? nil : known.joined(separator: ", ")
    }

    private var memoryBlocks: String? {
        snapshot.map { snapshot in
            snapshot.ramBlocks.map { "\($0.name) \(ByteSize(bytes: $0.bytes))" }.joined(separator: ", ")
        }
    }

    private var snapshotText: String? {
        snapshot.map { snapshot in
            "\(ByteSize(bytes: UInt64(snapshot.byteCount)))" + (snapshot.isCut ? ", its end is missing" : "")
        }
    }

    private var log: String {
        let summary = overview.summary
        let state =
            switch summary.state {
            case .complete: "complete"
            case .notEnded: "not ended"
            case .damaged: "damaged"
            }
        return "\(ByteSize(bytes: UInt64(summary.byteCount))), \(summary.total.entries) entries, \(state)"
    }

    private var replayed: String? {
        guard record != nil || recording != nil else { return nil }
        guard let verification = recording?.verification else { return "never" }
        let verdict =
            switch verification.verdict {
            case .replayed: "to its end"
            case .diverged: "it departs from the log"
            case .stopped: "given up"
            }
        return "\(verdict), \(verification.time.formatted(Self.timeStyle)), by \(verification.engineVersion)"
            + (verification.problem.map { ": \($0)" } ?? "")
    }

    private var network: String {
        func text(_ traffic: NetworkFlow.Traffic) -> String {
            "\(traffic.frames) frames, \(ByteSize(bytes: UInt64(clamping: traffic.bytes)))"
        }
        return "in: \(text(overview.received)); out: \(text(overview.sent))"
    }

    private var disk: String {
        func text(_ traffic: TraceOverview.DiskTraffic) -> String {
            "\(traffic.transfers) transfers, \(ByteSize(bytes: traffic.bytes))"
        }
        return "read: \(text(overview.diskReads)); written: \(text(overview.diskWrites))"
    }

    private var serial: String? {
        let ports = overview.serial.sorted { $0.key.rawValue > $1.key.rawValue }.map { port, traffic in
            "\(port.name): \(traffic.written) bytes written, \(traffic.read) read"
        }
        return ports.isEmpty ? nil : ports.joined(separator: "; ")
    }

    private var uncertainty: String? {
        guard times.clock != nil else { return nil }
        let zero = "Seconds in the pictures count from the first read of the counter"
        guard let slack = times.clock?.slack else {
            return "\(zero); nothing bounds by how much they are off."
        }
        return """
            \(zero), which is at most \(Duration.seconds(slack).text) after the recording's start; between two reads \
            they are off by the gap at most.
            """
    }
}
