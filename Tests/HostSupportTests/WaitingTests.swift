import HostSupport
import Testing

@Suite struct WaitingTests {
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
