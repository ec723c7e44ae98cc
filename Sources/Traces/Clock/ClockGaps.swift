import Glibc

/// The gaps between reads of the time stamp counter, sorted into few classes: a log has any number of them.
struct ClockGaps: Hashable, Sendable {
    /// Gaps of one class: of like ticks for an instruction.
    private struct Class: Hashable {
        var gaps = 0
        var ticks: UInt64 = 0
        var instructions: UInt64 = 0
    }

    /// Classes for an eighth of a power of two each, from 2^-4 to 2^40 ticks for an instruction.
    private static let perOctave = 8.0
    private static let lowest = -4.0
    private static let classCount = 352
    /// Gaps of fewer instructions say nothing of the speed.
    private static let fewest: UInt64 = 1000
    /// A gap is idle if it is that many times as long as its instructions need.
    private static let idleFactor = 8.0
    /// A gap that is shorter is never idle; at a few GHz, a tenth of a millisecond.
    private static let idleTicksAtLeast: UInt64 = 250_000

    private var classes = [Class](repeating: Class(), count: classCount)
    private var speeds = [Int](repeating: 0, count: classCount)

    mutating func add(ticks: UInt64, instructions: UInt64) {
        guard ticks > 0 else { return }
        let index = Self.index(Double(ticks) / Double(max(instructions, 1)))
        if instructions >= Self.fewest { speeds[index] += 1 }
        guard ticks >= Self.idleTicksAtLeast else { return }
        classes[index].gaps += 1
        classes[index].ticks &+= ticks
        classes[index].instructions &+= instructions
    }

    var ticksPerInstruction: Double? {
        let total = speeds.reduce(0, +)
        guard total > 0 else { return nil }
        var seen = 0
        for (index, count) in speeds.enumerated() {
            seen += count
            if seen * 2 >= total { return Self.middle(of: index) }
        }
        return nil
    }

    var idleTicks: UInt64 {
        guard let ticksPerInstruction else { return 0 }
        let threshold = ticksPerInstruction * Self.idleFactor
        return classes.enumerated().reduce(0) { sum, item in
            guard Self.middle(of: item.offset) >= threshold else { return sum }
            return sum &+ Self.rest(item.element.ticks, item.element.instructions, ticksPerInstruction)
        }
    }

    /// How many of the ticks of one gap the guest was halted.
    static func idleTicks(of ticks: UInt64, instructions: UInt64, ticksPerInstruction: Double) -> UInt64 {
        guard ticks >= idleTicksAtLeast,
            Double(ticks) >= Double(max(instructions, 1)) * ticksPerInstruction * idleFactor
        else { return 0 }
        return rest(ticks, instructions, ticksPerInstruction)
    }

    /// What is left of some ticks when the instructions have taken theirs.
    private static func rest(_ ticks: UInt64, _ instructions: UInt64, _ ticksPerInstruction: Double) -> UInt64
    {
        let busy = Double(instructions) * ticksPerInstruction
        return busy >= Double(ticks) ? 0 : ticks - UInt64(busy)
    }

    private static func index(_ ratio: Double) -> Int {
        min(max(Int((log2(ratio) - lowest) * perOctave), 0), classCount - 1)
    }

    private static func middle(of index: Int) -> Double {
        exp2(lowest + (Double(index) + 0.5) / perOctave)
    }
}
