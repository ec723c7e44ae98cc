import HostSupport
import Testing

@testable import Fleets

@Suite("Guests are started again, but not at any price")
struct StartingTests {
    @Test(
        "after failures a slot waits twice as long each time, up to a limit, and not at all after a success"
    )
    func backOff() {
        var backOff = BackOff(first: .seconds(1), longest: .seconds(60))
        let pauses = (0..<9).map { _ in backOff.fail(spread: 1) }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
        backOff.succeed()
        let first = backOff.fail(spread: 0)
        #expect(first == .milliseconds(750))
        let others = (0..<100).map { _ in backOff.fail() }
        #expect(others.allSatisfy { $0 <= .seconds(60) })
    }

    @Test("the breaker opens after failures in a row, lets one try later, and closes when that succeeds")
    func breaker() {
        let start = ContinuousClock.now
        var breaker = CircuitBreaker(limit: 3, pause: .seconds(10), longest: .seconds(30))
        func fails(after seconds: Int) -> Bool { breaker.fail(at: start + .seconds(seconds)) }
        func admits(after seconds: Int) -> Bool { breaker.admits(at: start + .seconds(seconds)) }
        let before = [fails(after: 0), fails(after: 0)]
        breaker.succeed()
        let opening = [fails(after: 0), fails(after: 0), fails(after: 0)]
        #expect(before == [false, false] && opening == [false, false, true])
        // The others wait for the one that tries.
        let first = [admits(after: 9), admits(after: 10), admits(after: 11)]
        #expect(first == [false, true, false])
        // Twice as long after each try that fails, up to a limit.
        let second = [fails(after: 12), admits(after: 31), admits(after: 32)]
        #expect(second == [true, false, true])
        let third = [fails(after: 32), admits(after: 61), admits(after: 62)]
        #expect(third == [true, false, true])
        breaker.succeed()
        let afterwards = admits(after: 62)
        #expect(breaker.state == .closed && afterwards)
    }

    @Test("a try that was given up leaves the breaker as it was, open for the next")
    func withdrawal() {
        let start = ContinuousClock.now
        var breaker = CircuitBreaker(limit: 1, pause: .seconds(10))
        let opened = breaker.fail(at: start)
        let tries = breaker.admits(at: start + .seconds(10))
        breaker.withdraw(at: start + .seconds(11))
        let triesAgain = breaker.admits(at: start + .seconds(11))
        #expect(opened && tries && triesAgain)
    }

    @Test("a gate lets in as many as it is wide, in the order in which they came, and a permit counts once")
    func gate() async throws {
        let gate = Gate(width: 2)
        let counter = Counter()
        await withTaskGroup { group in
            for _ in 0..<50 {
                group.addTask {
                    let permit = await gate.enter()
                    await counter.enter()
                    try? await Task.sleep(for: .milliseconds(2))
                    await counter.leave()
                    permit.leave()
                    permit.leave()
                }
            }
        }
        #expect(await counter.most == 2)
        #expect(await counter.inside == 0)
        // All permits are back: two can be had at once.
        _ = await (gate.enter(), gate.enter())
    }

    private actor Counter {
        var inside = 0
        var most = 0

        func enter() {
            inside += 1
            most = max(most, inside)
        }

        func leave() { inside -= 1 }
    }

    @Test("draining asks every run for its end, hurrying the replays too, and nothing is begun afterwards")
    func control() async throws {
        let control = FleetControl()
        try await withThrowingTaskGroup(of: Int?.self) { group in
            group.addTask {
                try await control.withRun(of: 0) {
                    while Interrupts.count == 0 { try await Task.sleep(for: .milliseconds(1)) }
                    return Interrupts.count
                }
            }
            group.addTask {
                try await control.withReplay {
                    while Interrupts.count == 0 { try await Task.sleep(for: .milliseconds(1)) }
                    return 100 + Interrupts.count
                }
            }
            try await Task.sleep(for: .milliseconds(20))
            control.drain()
            #expect(try await group.next() == 1)
            #expect(try await control.withRun(of: 1) { 0 } == nil)
            #expect(try await control.withReplay { 7 } == 7)
            control.hurry()
            #expect(try await group.next() == 101)
            #expect(try await control.withReplay { 7 } == nil)
        }
        #expect(Interrupts.own == nil)
    }
}
