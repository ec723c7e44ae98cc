/// What the reads of the time stamp counter in a log tell, gathered in one pass.
///
/// A guest of the engine reads the counter of the host's processor, less an offset: its ticks go on while the guest is
/// halted, which the count of guest instructions does not. Each read is in the log as eight bytes with the call site
/// ``Callsite/readTimeStampCounter`` (`helper_rdtsc` in PANDA's `target/i386/misc_helper.c`, `cpu_get_ticks` in `cpus.c`).
public struct ClockReads: Hashable, Sendable {
    /// One read.
    public struct Read: Hashable, Sendable {
        /// When the guest read, in guest instructions.
        public var instructionCount: UInt64
        /// What it read, in ticks.
        public var ticks: UInt64

        /// Makes a read of its parts.
        public init(instructionCount: UInt64, ticks: UInt64) {
            self.instructionCount = instructionCount
            self.ticks = ticks
        }

        /// The read that an entry is, if it is one.
        init?(_ entry: NondetEntry) {
            guard entry.callsite == .readTimeStampCounter, case .input8(let ticks) = entry.payload else {
                return nil
            }
            self.init(instructionCount: entry.instructionCount, ticks: ticks)
        }
    }

    /// How many reads there are.
    public private(set) var count = 0
    /// The first read.
    public private(set) var first: Read?
    /// The last read.
    public private(set) var last: Read?
    /// How often the counter went backwards, as it does where a guest writes it; such a pair of reads tells nothing.
    public private(set) var steps = 0
    /// How many ticks the guest was halted, as far as can be told; see ``idleShare``.
    public var idleTicks: UInt64 { gaps.idleTicks }

    private var gaps = ClockGaps()

    /// Starts with no reads.
    public init() {}

    mutating func add(_ read: Read) {
        count += 1
        if first == nil { first = read }
        if let last {
            if read.ticks < last.ticks {
                steps += 1
            } else {
                let instructions = read.instructionCount - min(read.instructionCount, last.instructionCount)
                gaps.add(ticks: read.ticks - last.ticks, instructions: instructions)
            }
        }
        last = read
    }

    /// The ticks from the first read to the last; `nil` where there are no two, or the counter went backwards.
    public var span: UInt64? {
        guard let first, let last, steps == 0, last.ticks > first.ticks else { return nil }
        return last.ticks - first.ticks
    }

    /// The ticks that the guest needs for an instruction while it runs: the median over the gaps between reads.
    public var ticksPerInstruction: Double? { gaps.ticksPerInstruction }

    /// Which part of the time the guest was halted, from 0 to 1.
    ///
    /// An estimate: a log does not say when a guest halts. A gap between two reads counts as idle, less the time its
    /// instructions take, where it is eight times as long as that and one part in ten thousand of a second at least.
    public var idleShare: Double? {
        guard let span else { return nil }
        return min(1, Double(idleTicks) / Double(span))
    }
}

extension NondetLog {
    /// Gathers the reads of the time stamp counter, up to the log's end or to what is wrong with it.
    public func clockReads(limits: NondetLogLimits = NondetLogLimits()) -> ClockReads {
        var reads = ClockReads()
        readSound(limits: limits) { entry in
            if let read = ClockReads.Read(entry) { reads.add(read) }
        }
        return reads
    }
}
