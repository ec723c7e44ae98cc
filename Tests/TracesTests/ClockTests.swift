import Testing

@testable import Traces

@Suite("Times from the time stamp counter")
struct ClockTests {
    /// A guest at 1000 instructions a microsecond of 2 GHz, halted for a second in the middle.
    private func reads() throws -> ClockReads {
        var log = LogBuilder()
        for step in UInt64(0)..<100 { try log.clock(1_000_000 + step * 4000, at: step * 2000) }
        for step in UInt64(100)..<200 {
            try log.clock(1_000_000 + 2_000_000_000 + step * 4000, at: step * 2000)
        }
        return try log.log(endingAt: 400_000).clockReads()
    }

    @Test("a read is eight bytes with the call site of the counter")
    func onlyReadsCount() throws {
        var log = LogBuilder()
        try log.append(.input8(7), at: 1)
        try log.append(.input4(7), at: 2, callsite: .readTimeStampCounter)
        try log.clock(9, at: 3)
        let reads = try log.log(endingAt: 3).clockReads()
        #expect(reads.count == 1)
        #expect(reads.first == .init(instructionCount: 3, ticks: 9) && reads.last == reads.first)
        #expect(reads.span == nil && reads.idleShare == nil)
    }

    @Test("the speed is the median, and a long gap is idle")
    func idle() throws {
        let reads = try reads()
        let speed = try #require(reads.ticksPerInstruction)
        #expect(abs(speed - 2) < 0.2)
        let idle = try #require(reads.idleShare)
        #expect(abs(idle - 2_000_000_000 / 2_000_796_000) < 1e-4)
    }

    @Test("ticks that fall make no clock")
    func fallingTicks() throws {
        var log = LogBuilder()
        for (index, ticks) in ([100, 200, 50, 300] as [UInt64]).enumerated() {
            try log.clock(ticks, at: UInt64(index))
        }
        let reads = try log.log(endingAt: 10).clockReads()
        #expect(reads.steps == 1 && reads.span == nil)
        #expect(GuestClock(reads, ticksPerSecond: 1000, length: 1) == nil)
    }

    @Test("the guest's rate is preferred, and what the recording is longer is slack")
    func guestRate() throws {
        let clock = try #require(GuestClock(try reads(), ticksPerSecond: 2e9, length: 1.1))
        #expect(clock.source == .guestKernel)
        #expect(abs((try #require(clock.slack)) - (1.1 - 2_000_796_000 / 2e9)) < 1e-9)
        #expect(abs(clock.seconds(1_000_000 + 2_000_000_000) - 1) < 1e-9)
        #expect(clock.seconds(0) < 0)
    }

    @Test("a rate that makes the log longer than the recording is another host's")
    func impossibleRate() throws {
        let clock = try #require(GuestClock(try reads(), ticksPerSecond: 1e9, length: 1.1))
        #expect(clock.source == .recordingLength && clock.slack == nil)
        #expect(abs(clock.ticksPerSecond - 2_000_796_000 / 1.1) < 1)
        #expect(GuestClock(try reads(), ticksPerSecond: nil, length: nil) == nil)
    }

    @Test("between two reads, time passes with the instructions; an arrival wakes the guest")
    func moments() throws {
        let clock = try #require(GuestClock(try reads(), ticksPerSecond: 2e9, length: 1.1))
        let gap = TimeBracket(
            before: .init(instructionCount: 198_000, ticks: 1_396_000),
            after: .init(instructionCount: 200_000, ticks: 2_001_400_000)
        )
        let slack = try #require(clock.slack)
        let sent = clock.moment(at: 199_000, in: gap, isArrival: false)
        #expect(abs(sent.seconds - 0.5002) < 1e-3)
        let arrived = clock.moment(at: 199_000, in: gap, isArrival: true)
        #expect(abs(arrived.seconds - 1.0002) < 1e-3)
        for moment in [sent, arrived] {
            let uncertainty = try #require(moment.uncertainty)
            #expect(uncertainty >= slack && uncertainty <= slack + 1.001)
        }
        #expect((sent.uncertainty ?? 9) < (arrived.uncertainty ?? 0), "the middle is nearer to both ends")
    }

    @Test("what lies outside of all reads is as far from them as its instructions take")
    func outside() throws {
        let clock = try #require(GuestClock(try reads(), ticksPerSecond: 2e9, length: 1.1))
        let last = ClockReads.Read(instructionCount: 398_000, ticks: 2_001_796_000)
        let after = clock.moment(
            at: 400_000,
            in: TimeBracket(before: last, after: nil),
            isArrival: false
        )
        #expect(after.seconds > clock.seconds(last.ticks) && after.seconds < clock.seconds(last.ticks) + 1e-5)
        let none = clock.moment(at: 5, in: TimeBracket(before: nil, after: nil), isArrival: true)
        #expect(none.uncertainty == nil)
    }

    @Test("hostile ticks and counts trap nowhere")
    func extremes() throws {
        var random = SplitMix64(seed: 0xc10c)
        for _ in 0..<300 {
            var log = LogBuilder()
            var count: UInt64 = 0
            for _ in 0..<12 {
                let edges: [UInt64] = [0, 1, .max, .max - 1, 1 << 63]
                let edge = edges.randomElement(using: &random) ?? 0
                let ticks = Bool.random(using: &random) ? edge : UInt64.random(in: 0 ... .max, using: &random)
                try log.clock(ticks, at: count)
                count =
                    Bool.random(using: &random) ? UInt64.random(in: count ... .max, using: &random) : count
            }
            let whole = try log.log(endingAt: count)
            let overview = TraceOverview(of: whole, slices: 7)
            let clock = GuestClock(overview.clock, ticksPerSecond: 1e9, length: 3)
            let moment = clock?.moment(
                at: count,
                in: .init(before: overview.clock.first, after: overview.clock.last),
                isArrival: true
            )
            #expect(moment?.seconds.isFinite ?? true)
            #expect((0...1).contains(overview.clock.idleShare ?? 0))
            #expect(overview.activity.slices.reduce(0) { $0 + $1.entries.total } == 13)
        }
    }
}
