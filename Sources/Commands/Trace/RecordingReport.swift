import Foundation
import HostSupport
import Inspection
import Replays
import RunRecords
import Traces

/// What is in a recording, for a person and for a program.
struct RecordingReport: Report {
    struct Machine: Encodable {
        let type: String?
        let memory: UInt64
        let architecture: String?
    }

    struct Block: Encodable {
        let name: String
        let bytes: UInt64
        let storedPages: Int
        let filledPages: Int
        let repeatedPages: Int
    }

    struct Device: Encodable {
        let name: String
        let instance: Int
        let offset: Int
        let bytes: Int
    }

    struct Snapshot: Encodable {
        let bytes: Int
        let isCut: Bool
        let machine: Machine
        /// Nothing of these where the snapshot cannot be read to its end.
        let blocks: [Block]
        let devices: [Device]
    }

    struct Tally: Encodable {
        let kind: String
        let entries: Int
        let bytes: Int
    }

    struct Log: Encodable {
        let bytes: Int
        let state: String
        let entries: Int
        let kinds: [Tally]
        let calls: [Tally]
        let interrupts: Int
    }

    struct Clock: Encodable {
        let source: String
        let ticksPerSecond: Double
        let reads: Int
        let slack: Double?
    }

    struct Traffic: Encodable {
        let count: Int
        let bytes: UInt64

        init(_ traffic: NetworkFlow.Traffic) {
            count = traffic.frames
            bytes = UInt64(traffic.bytes)
        }

        init(_ traffic: TraceOverview.DiskTraffic) {
            count = traffic.transfers
            bytes = traffic.bytes
        }

        func text(_ noun: String) -> String { "\(count) \(noun), \(ByteSize(bytes: bytes))" }
    }

    struct Flow: Encodable {
        let transport: String
        let client: String
        let server: String
        let isFromGuest: Bool
        let sent: Traffic
        let received: Traffic
        let firstInstruction: UInt64
        let lastInstruction: UInt64
    }

    struct Network: Encodable {
        let received: Traffic
        let sent: Traffic
        let flows: [Flow]
    }

    struct Disk: Encodable {
        let reads: Traffic
        let writes: Traffic
    }

    struct Serial: Encodable {
        let port: String
        let written: Int
        let read: Int
    }

    let name: String
    let run: String?
    let image: String?
    let started: Date?
    let ended: Date?
    let verdict: String?
    let instructions: UInt64
    let seconds: Double?
    let idleShare: Double?
    let snapshot: Snapshot?
    let log: Log
    let clock: Clock?
    let network: Network
    let disk: Disk
    let serial: [Serial]

    init(_ item: TraceSource.Item, _ record: RunRecord?, _ overview: TraceOverview, _ times: RecordingTimes) {
        name = item.name
        run = record?.id.description
        image = record?.image.name
        started = item.recording?.started
        ended = item.recording?.ended
        verdict = item.recording?.verification?.verdict.rawValue
        instructions = overview.summary.duration
        idleShare = overview.clock.idleShare
        if let started, let ended {
            seconds = ended.timeIntervalSince(started)
        } else {
            seconds = overview.clock.last.flatMap { last in times.clock.map { $0.seconds(last.ticks) } }
        }
        snapshot = Snapshot(item, record)
        log = Log(overview)
        clock = times.clock.map { clock in
            Clock(
                source: clock.source.rawValue,
                ticksPerSecond: clock.ticksPerSecond,
                reads: overview.clock.count,
                slack: clock.slack
            )
        }
        network = Network(
            received: Traffic(overview.received),
            sent: Traffic(overview.sent),
            flows: overview.flows.flows.map { Flow($0) }
        )
        disk = Disk(reads: Traffic(overview.diskReads), writes: Traffic(overview.diskWrites))
        serial = overview.serial.sorted { $0.key.rawValue > $1.key.rawValue }.map { port, traffic in
            Serial(port: port.name, written: traffic.written, read: traffic.read)
        }
    }
}

extension RecordingReport.Snapshot {
    fileprivate init?(_ item: TraceSource.Item, _ record: RunRecord?) {
        guard let head = try? SnapshotHead(path: item.files.snapshotPath) else { return nil }
        let survey = try? SnapshotSurvey(path: item.files.snapshotPath)
        bytes = head.byteCount
        isCut = head.isCut
        machine = .init(
            type: head.machine,
            memory: head.machineRAMBytes,
            architecture: record?.machine.architecture.rawValue
        )
        blocks = (survey?.blocks ?? []).map { block in
            .init(
                name: block.block.name,
                bytes: block.block.bytes,
                storedPages: block.storedPages,
                filledPages: block.filledPages,
                repeatedPages: block.repeatedPages
            )
        }
        devices = (survey?.devices ?? []).map { section in
            .init(
                name: section.device.name,
                instance: section.device.instance,
                offset: section.range.lowerBound,
                bytes: section.range.count
            )
        }
    }
}

extension RecordingReport.Log {
    fileprivate init(_ overview: TraceOverview) {
        let summary = overview.summary
        bytes = summary.byteCount
        entries = summary.total.entries
        interrupts = overview.interrupts
        switch summary.state {
        case .complete: state = "complete"
        case .notEnded: state = "not-ended"
        case .damaged: state = "damaged"
        }
        kinds = NondetKind.allCases.compactMap { .init("\($0)", summary.tally(of: $0)) }
        calls = SkippedCallKind.allCases.compactMap { .init("\($0)", summary.tally(of: $0)) }
    }
}

extension RecordingReport.Tally {
    fileprivate init?(_ kind: String, _ tally: NondetTally) {
        guard tally.entries > 0 else { return nil }
        self.init(kind: kind, entries: tally.entries, bytes: tally.bytes)
    }
}

extension RecordingReport.Flow {
    fileprivate init(_ flow: NetworkFlow) {
        self.init(
            transport: Words.transport(flow.transport),
            client: Words.endpoint(flow.client),
            server: Words.endpoint(flow.server),
            isFromGuest: flow.isFromGuest,
            sent: .init(flow.sent),
            received: .init(flow.received),
            firstInstruction: flow.instructions.lowerBound,
            lastInstruction: flow.instructions.upperBound
        )
    }
}
