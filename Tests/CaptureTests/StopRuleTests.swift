import HostSupport
import Testing

@testable import Capture

@Suite("What ends a run")
struct StopRuleTests {
    private static let quiet = StopRules.Situation(silence: .zero, logBytes: 0)

    private func name(_ rules: StopRules, _ change: (inout StopRules.Situation) -> Void) -> String? {
        var situation = Self.quiet
        change(&situation)
        return rules.ending(situation)?.name
    }

    @Test("nothing, where no rule is set")
    func noRule() {
        #expect(
            name(StopRules()) {
                $0 = .init(
                    recording: .seconds(9000),
                    sinceFirst: .seconds(9000),
                    sinceReady: .seconds(9000),
                    silence: .seconds(9000),
                    logBytes: 1 << 50
                )
            } == nil
        )
    }

    @Test("each rule by itself, when it is exceeded")
    func each() {
        var rules = StopRules()
        rules.recording = TimeSpan(.seconds(60))
        #expect(name(rules) { $0.recording = .seconds(60) } == nil)
        #expect(name(rules) { $0.recording = .seconds(61) } == "time-limit")
        rules = StopRules()
        rules.idle = TimeSpan(.seconds(10))
        #expect(name(rules) { $0.silence = .seconds(99) } == nil, "nothing is recorded")
        // A guest whose network was silent before the recording gets the whole time from its beginning.
        #expect(name(rules) { ($0.recording, $0.silence) = (.seconds(5), .seconds(99)) } == nil)
        #expect(name(rules) { ($0.recording, $0.silence) = (.seconds(50), .seconds(11)) } == "idle")
        rules = StopRules()
        rules.log = ByteSize(bytes: 1000)
        #expect(name(rules) { ($0.recording, $0.logBytes) = (.seconds(1), 1000) } == nil)
        #expect(name(rules) { ($0.recording, $0.logBytes) = (.seconds(1), 1001) } == "log-size")
        rules = StopRules()
        rules.period = TimeSpan(.seconds(1800))
        #expect(name(rules) { $0.sinceFirst = .seconds(1801) } == "period")
        rules = StopRules()
        rules.wait = TimeSpan(.seconds(5))
        #expect(name(rules) { $0.sinceReady = .seconds(6) } == "no-visitor")
        #expect(name(rules) { ($0.sinceReady, $0.sinceFirst) = (.seconds(6), .seconds(1)) } == nil)
    }
}
