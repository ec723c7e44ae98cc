/// What happened in the course of a recording: its guest instructions in slices of equal length.
public struct TraceActivity: Hashable, Sendable {
    /// One slice.
    public struct Slice: Hashable, Sendable {
        /// How many entries of each category there are.
        public internal(set) var entries = EntryCounts()
        /// How many interrupts the guest took.
        public internal(set) var interrupts = 0
        /// The frames that came.
        public internal(set) var received = NetworkFlow.Traffic()
        /// The frames that the guest sent.
        public internal(set) var sent = NetworkFlow.Traffic()
        /// The bytes that the guest read from disks.
        public internal(set) var diskRead: UInt64 = 0
        /// The bytes that the guest wrote to disks.
        public internal(set) var diskWritten: UInt64 = 0
        /// The ticks of the time stamp counter that passed.
        public internal(set) var ticks: UInt64 = 0
        /// How many of these the guest was halted; an estimate, as ``ClockReads/idleShare``.
        public internal(set) var idleTicks: UInt64 = 0
    }

    /// Numbers of entries by category.
    public struct EntryCounts: Hashable, Sendable {
        private var counts = [Int](repeating: 0, count: NondetCategory.allCases.count)

        /// The number of entries of a category.
        public internal(set) subscript(category: NondetCategory) -> Int {
            get { counts[category.rawValue] }
            set { counts[category.rawValue] = newValue }
        }

        /// The number of entries of all categories.
        public var total: Int { counts.reduce(0, +) }
    }

    /// How many guest instructions there are in all.
    public let instructions: UInt64
    /// The slices, in their order.
    public internal(set) var slices: [Slice]

    private var lastRead: ClockReads.Read?
    private let ticksPerInstruction: Double

    /// Starts with nothing.
    ///
    /// - Parameters:
    ///   - instructions: How many guest instructions there are in all.
    ///   - count: How many slices to make, at least 1.
    ///   - reads: The reads of the time stamp counter.
    init(instructions: UInt64, slices count: Int, reads: ClockReads) {
        self.instructions = instructions
        slices = [Slice](repeating: Slice(), count: max(1, count))
        ticksPerInstruction = reads.ticksPerInstruction ?? 0
    }

    /// The first instruction of a slice; of the number of slices, the end of the last.
    ///
    /// - Precondition: `slice` is from 0 to the number of slices.
    public func start(of slice: Int) -> UInt64 {
        let (whole, rest) = instructions.quotientAndRemainder(dividingBy: UInt64(slices.count))
        return whole * UInt64(slice) + rest * UInt64(slice) / UInt64(slices.count)
    }

    mutating func add(_ entry: NondetEntry) {
        let slice = slice(of: entry.instructionCount)
        slices[slice].entries[NondetCategory(entry)] += 1
        if entry.callsite == .interruptNumber { slices[slice].interrupts += 1 }
        if let transfer = DiskTransfer(entry) {
            if transfer.isWrite {
                slices[slice].diskWritten &+= UInt64(transfer.byteCount)
            } else {
                slices[slice].diskRead &+= UInt64(transfer.byteCount)
            }
        }
        guard let read = ClockReads.Read(entry) else { return }
        if let lastRead, read.ticks > lastRead.ticks {
            let ticks = read.ticks - lastRead.ticks
            let instructions = read.instructionCount - min(read.instructionCount, lastRead.instructionCount)
            slices[slice].ticks &+= ticks
            slices[slice].idleTicks &+= ClockGaps.idleTicks(
                of: ticks,
                instructions: instructions,
                ticksPerInstruction: ticksPerInstruction
            )
        }
        lastRead = read
    }

    mutating func add(_ frame: NetworkFrame) {
        let slice = slice(of: frame.instructionCount)
        let path: WritableKeyPath<Slice, NetworkFlow.Traffic> = frame.direction == .sent ? \.sent : \.received
        slices[slice][keyPath: path].frames += 1
        slices[slice][keyPath: path].bytes += frame.byteCount
    }

    private func slice(of count: UInt64) -> Int {
        guard instructions > 0 else { return 0 }
        return min(Int(Double(count) / Double(instructions) * Double(slices.count)), slices.count - 1)
    }
}
