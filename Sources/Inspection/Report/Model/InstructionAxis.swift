import Traces

/// The axis that all pictures of a recording share: its guest instructions, and the time that had passed at each.
struct InstructionAxis: Hashable, Sendable {
    /// How many guest instructions there are.
    let instructions: UInt64
    /// The first instruction of each slice, and the end of the last.
    let starts: [UInt64]
    /// The seconds from the first read of the time stamp counter to the last one before each of `starts`; nothing where
    /// nobody knows how long a tick is.
    let seconds: [Double]?

    /// The most rows of a table.
    private static let mostRows = 100

    init(_ activity: TraceActivity, ticksPerSecond: Double?) {
        instructions = activity.instructions
        starts = (0...activity.slices.count).map { activity.start(of: $0) }
        seconds = ticksPerSecond.flatMap { rate in
            guard rate > 0, rate.isFinite else { return nil }
            var passed = 0.0
            return [0]
                + activity.slices.map { slice in
                    passed += Double(slice.ticks) / rate
                    return passed
                }
        }
    }

    /// How many slices there are.
    var count: Int { starts.count - 1 }

    /// The slices that share a row of a table.
    var groups: [Range<Int>] {
        let size = (count + Self.mostRows - 1) / Self.mostRows
        return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }

    /// The time at an instruction, as text.
    func time(at instruction: Double) -> String? {
        guard let seconds, instructions > 0 else { return nil }
        let place = min(max(instruction / Double(instructions), 0), 1) * Double(count)
        let slice = min(Int(place), count - 1)
        let value = seconds[slice] + (seconds[slice + 1] - seconds[slice]) * (place - Double(slice))
        return fixed(value, decimals: value == 0 ? 0 : value < 10 ? 2 : value < 100 ? 1 : 0) + " s"
    }

    /// How long a slice is, in a few words.
    var sliceText: String {
        let length = Double(instructions) / Double(count)
        return length < 1
            ? "fewer than one instruction" : "\(ReportUnit.count.text(length)) instructions"
    }
}
