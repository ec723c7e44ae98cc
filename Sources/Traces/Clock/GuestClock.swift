/// Turns the ticks in a log into seconds since the recording began.
public struct GuestClock: Hashable, Sendable {
    /// Where the length of a tick is known from.
    public enum Source: String, Hashable, Sendable {
        /// The guest's kernel measured it, and its message lies in the snapshot.
        case guestKernel = "guest-kernel"
        /// The reads were stretched over the known length of the recording, as if the first and the last had been made at
        /// its very ends.
        case recordingLength = "recording-length"
    }

    /// A time, and by how much it can be wrong.
    public struct Moment: Hashable, Sendable {
        /// Seconds since the recording began.
        public var seconds: Double
        /// The time is at most this many seconds off, either way; `nil` where nothing bounds it.
        public var uncertainty: Double?
    }

    /// Where the length of a tick is known from.
    public let source: Source
    /// Ticks of the counter in a second.
    public let ticksPerSecond: Double
    /// The time of the recording that lies before the first read or after the last, in seconds.
    ///
    /// It is not known how much lies on which side. `nil` where the recording's length is not known, or was stretched over.
    public let slack: Double?

    private let first: ClockReads.Read
    private let ticksPerInstruction: Double

    /// Makes a clock; nothing where the log has too few reads, or neither the rate nor the length is known.
    ///
    /// - Parameters:
    ///   - reads: The reads of the log.
    ///   - ticksPerSecond: The counter's rate, where it is known; see ``SnapshotMemory/timeStampCounterRate()``.
    ///   - length: How long the recording took, in seconds, where that is known.
    public init?(_ reads: ClockReads, ticksPerSecond: Double?, length: Double?) {
        guard let first = reads.first, let span = reads.span else { return nil }
        self.first = first
        ticksPerInstruction = reads.ticksPerInstruction ?? 0
        let seconds = ticksPerSecond.map { Double(span) / $0 }
        // A state that was resumed on another host has the other host's rate in its memory.
        if let ticksPerSecond, let seconds, seconds > 0, length.map({ seconds <= $0 * 1.001 + 0.05 }) ?? true
        {
            source = .guestKernel
            self.ticksPerSecond = ticksPerSecond
            slack = length.map { max(0, $0 - seconds) }
        } else if let length, length > 0 {
            source = .recordingLength
            self.ticksPerSecond = Double(span) / length
            slack = nil
        } else {
            return nil
        }
    }

    /// The time of something that happened between two reads.
    ///
    /// Between reads a running guest's time is taken to pass with its instructions. What comes to a guest from outside
    /// wakes it where it is halted; it then lies near the end of the gap.
    ///
    /// - Parameters:
    ///   - instructionCount: When it happened, in guest instructions.
    ///   - bracket: The reads around it.
    ///   - isArrival: Whether it came from outside.
    /// - Returns: Its time.
    public func moment(at instructionCount: UInt64, in bracket: TimeBracket, isArrival: Bool) -> Moment {
        let known = [bracket.before, bracket.after].compactMap { $0 }
        guard let before = known.first, let after = known.last else {
            return Moment(seconds: 0, uncertainty: nil)
        }
        let low = seconds(before.ticks)
        let high = max(low, seconds(after.ticks))
        let estimate: Double
        if known.count == 1 {
            // Before the first read or after the last: as far from it as the instructions take.
            let distance = busySeconds(before.instructionCount, instructionCount)
            estimate = bracket.before == nil ? max(0, low - distance) : low + distance
        } else if isArrival {
            estimate = max(low, high - busySeconds(instructionCount, after.instructionCount))
        } else {
            let whole = Double(after.instructionCount &- before.instructionCount)
            let part = Double(instructionCount &- before.instructionCount)
            estimate = whole > 0 ? low + (high - low) * min(max(part / whole, 0), 1) : low
        }
        guard let slack else { return Moment(seconds: estimate, uncertainty: nil) }
        let gap = known.count == 1 ? 0 : max(high - estimate, estimate - low)
        return Moment(seconds: estimate, uncertainty: slack + gap)
    }

    /// When a read was made, in seconds since the recording began.
    public func seconds(_ ticks: UInt64) -> Double {
        ticks >= first.ticks
            ? Double(ticks - first.ticks) / ticksPerSecond : -Double(first.ticks - ticks) / ticksPerSecond
    }

    private func busySeconds(_ from: UInt64, _ to: UInt64) -> Double {
        let instructions = from > to ? from - to : to - from
        return Double(instructions) * ticksPerInstruction / ticksPerSecond
    }
}
