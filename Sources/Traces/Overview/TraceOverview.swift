/// What a log tells of a recording, gathered in three passes over it.
public struct TraceOverview: Sendable {
    /// What goes through a serial port.
    public struct SerialTraffic: Hashable, Sendable {
        /// The bytes that the guest wrote.
        public var written = 0
        /// The bytes that the guest read.
        public var read = 0
    }

    /// Transfers between the guest and its disks.
    public struct DiskTraffic: Hashable, Sendable {
        /// How many.
        public var transfers = 0
        /// How much, in bytes.
        public var bytes: UInt64 = 0
    }

    /// The entries by kind, and what the log is worth.
    public let summary: NondetLogSummary
    /// The reads of the time stamp counter.
    public let clock: ClockReads
    /// The frames that came.
    public private(set) var received = NetworkFlow.Traffic()
    /// The frames that the guest sent.
    public private(set) var sent = NetworkFlow.Traffic()
    /// Who talked to whom.
    public private(set) var flows = NetworkFlowTable()
    /// What the guest read from its disks.
    public private(set) var diskReads = DiskTraffic()
    /// What the guest wrote to its disks.
    public private(set) var diskWrites = DiskTraffic()
    /// What went through the serial ports.
    public private(set) var serial: [SerialPort: SerialTraffic] = [:]
    /// How many interrupts the guest took.
    public private(set) var interrupts = 0
    /// What happened when.
    public private(set) var activity: TraceActivity

    /// The serial ports that are told apart; a guest has four at the most, a forged log any number.
    private static let mostPorts = 64
    /// The bytes that hold the headers of a frame.
    private static let headerBytes = 128

    /// Looks at a log; one that is damaged or was not ended is looked at up to there.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - limits: What is believed of it.
    ///   - slices: How many slices its instructions are cut into.
    public init(of log: NondetLog, limits: NondetLogLimits = NondetLogLimits(), slices: Int = 400) {
        summary = log.survey(limits: limits)
        activity = TraceActivity(instructions: 0, slices: 1, reads: ClockReads())
        clock = log.clockReads(limits: limits)
        activity = TraceActivity(
            instructions: summary.finalInstructionCount,
            slices: slices,
            reads: clock
        )
        var assembler = FrameAssembler()
        log.readSound(limits: limits) { entry in
            add(entry)
            assembler.next(entry, of: log) { add($0, of: log) }
        }
        assembler.flush { add($0, of: log) }
    }

    private mutating func add(_ entry: NondetEntry) {
        activity.add(entry)
        if entry.callsite == .interruptNumber { interrupts += 1 }
        if let transfer = DiskTransfer(entry) {
            let path: WritableKeyPath<Self, DiskTraffic> = transfer.isWrite ? \.diskWrites : \.diskReads
            self[keyPath: path].transfers += 1
            self[keyPath: path].bytes &+= UInt64(transfer.byteCount)
        }
        if let byte = SerialByte(entry), serial.count < Self.mostPorts || serial[byte.port] != nil {
            let path: WritableKeyPath<SerialTraffic, Int> = byte.isOutput ? \.written : \.read
            serial[byte.port, default: SerialTraffic()][keyPath: path] += 1
        }
    }

    private mutating func add(_ frame: NetworkFrame, of log: NondetLog) {
        let path: WritableKeyPath<Self, NetworkFlow.Traffic> = frame.direction == .sent ? \.sent : \.received
        self[keyPath: path].frames += 1
        self[keyPath: path].bytes += frame.byteCount
        activity.add(frame)
        let head = frame.pieces.first.map { log.bytes(of: $0.prefix(Self.headerBytes)) } ?? []
        flows.add(frame, head)
    }
}
