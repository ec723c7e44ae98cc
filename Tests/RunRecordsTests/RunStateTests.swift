import HostSupport
import RunRecords
import Testing

@Suite struct RunStateTests {
    private static let steps: [RunState: Set<RunState>] = [
        .planned: [.starting, .failed],
        .starting: [.ready, .recording, .failed],
        .ready: [.recording, .recorded, .failed],
        .recording: [.ready, .recorded, .failed],
        .recorded: [.verified, .diverged, .failed],
        .verified: [.verified, .diverged],
        .diverged: [.verified, .diverged],
        .failed: [],
    ]

    @Test(arguments: RunState.allCases)
    func aRunGoesTheseWaysAndNoOther(_ state: RunState) throws {
        let steps = try #require(Self.steps[state])
        for next in RunState.allCases {
            #expect(state.canBecome(next) == steps.contains(next), "\(state) to \(next)")
        }
        #expect(state.isFinal == [.verified, .diverged, .failed].contains(state))
    }

    @Test func theRecordKeepsWhenAndWhyAndRefusesOtherWays() throws {
        var record = sampleRecord()
        #expect(record.state == .planned && record.times.keys.sorted() == ["planned"])
        let refusal = #expect(throws: Failure.self) { try record.become(.recorded) }
        #expect(refusal?.code == .internal)
        #expect(refusal?.message.contains("from planned to recorded") == true)
        #expect(record.state == .planned && record.times.count == 1)
        try record.become(.starting)
        try record.become(.failed, because: "no room")
        #expect(record.reason == "no room")
        #expect(record.times.keys.sorted() == ["failed", "planned", "starting"])
        #expect(throws: Failure.self) { try record.become(.starting) }
        #expect(record.reason == "no room")
    }

    @Test func aLaterVerdictClearsTheReasonOfTheFormer() throws {
        var record = sampleRecord()
        for state in [RunState.starting, .recording, .recorded] { try record.become(state) }
        try record.become(.diverged, because: "a recording does not replay")
        try record.become(.verified)
        #expect(record.reason == nil)
    }
}
