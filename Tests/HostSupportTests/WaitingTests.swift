import HostSupport
import Synchronization
import Testing

@Suite struct WaitingTests {
    @Test func whatIsDoneInTimeIsReturned() async throws {
        #expect(try await withDeadline(.seconds(5), "it did not end") { 42 } == 42)
        let nothing: Int? = try await withDeadline(.seconds(5), "it did not end") { nil }
        #expect(nothing == nil)
    }

    @Test func whatTakesLongerIsCancelledAndNamed() async {
        let start = ContinuousClock.now
        let wasCancelled = Atomic(false)
        let failure = await #expect(throws: Failure.self) {
            try await withDeadline(.milliseconds(50), "the guest did not answer", hint: "wait") {
                do { try await Task.sleep(for: .seconds(60)) } catch {
                    wasCancelled.store(true, ordering: .relaxed)
                }
            }
        }
        #expect(failure?.code == .timeout)
        #expect(failure?.message == "the guest did not answer within 0.05 s")
        #expect(failure?.hint == "wait")
        let isCancelled = wasCancelled.load(ordering: .relaxed)
        #expect(isCancelled)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func anErrorComesThrough() async {
        let failure = await #expect(throws: Failure.self) {
            try await withDeadline(.seconds(60), "it did not end") { throw Failure(.guest, "refused") }
        }
        #expect(failure?.message == "refused")
    }

    @Test func cancellationIsNotTakenForATimeLimit() async {
        let task = Task {
            try await withDeadline(.seconds(60), "it") { try await Task.sleep(for: .seconds(60)) }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func pollingAsksUntilThereIsAnAnswer() async throws {
        var asked = 0
        let answer = try await poll(for: .seconds(5), every: .milliseconds(1)) { () -> Int? in
            asked += 1
            return asked == 3 ? asked : nil
        }
        #expect(answer == 3 && asked == 3)
        asked = 0
        let none = try await poll(for: .zero) { () -> Int? in
            asked += 1
            return nil
        }
        #expect(none == nil && asked == 1, "it asks at least once")
    }
}
