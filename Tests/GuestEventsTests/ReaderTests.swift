import Foundation
import GuestEvents
import HostSupport
import TestSupport
import Testing

@Suite("A file of events")
struct ReaderTests {
    private func events(_ text: String, limits: EventLimits = EventLimits()) async throws -> (
        [GuestEvent], Bool
    ) {
        try await withScratch { folder in
            var events: [GuestEvent] = []
            let isComplete = try EventReader(try SampleEvents.write(text, in: folder), limits: limits)
                .read { event, _ in events.append(event) }
            return (events, isComplete)
        }
    }

    @Test("is read with all that each kind has")
    func kinds() async throws {
        let (events, isComplete) = try await events(SampleEvents.login)
        #expect(isComplete)
        #expect(events.count == 28)
        #expect(Set(events.map(\.kind)).isSuperset(of: [.begin, .exec, .terminal, .mappings, .end]))
        #expect(events[0].time?.timeIntervalSince1970 == 1_795_676_998.324347414)
        guard case .exec(let task, let program) = events[11].content else {
            Issue.record("\(events[11])")
            return
        }
        #expect((task.pid, task.name.description, program.parent) == (21, "cat", 20))
        #expect(program.arguments?.map(\.description) == ["cat", "/etc/passwd"])
        #expect(program.path?.description == "/bin/busybox")
        guard case .socket(_, let use) = events[16].content else {
            Issue.record("\(events[16])")
            return
        }
        #expect("\(use)" == "connect 10.0.2.2:80 here 10.0.2.15:4000 stream error 115")
        #expect(events.map(\.description).allSatisfy { !$0.contains("\u{1B}") })
    }

    @Test("of a recording in which nothing happened begins and ends")
    func idle() async throws {
        #expect(try await events(Self.begin + Self.end).1)
    }

    @Test("has lines that can be printed, and say the same")
    func plainLines() throws {
        let line = "{\"event\":\"write\",\t\"path\":\"a\u{7f}\u{9b}2J\u{2028}\u{e9}\u{1f600}\"}\r"
        let plain = GuestEvent.plainLine(Array(line.utf8))
        #expect(
            plain
                == "{\"event\":\"write\", \"path\":\"a\\u007f\\u009b2J\\u2028\u{e9}\u{1f600}\"} "
        )
        let decoder = JSONDecoder()
        let said = try decoder.decode([String: String].self, from: Data(line.utf8))
        #expect(try decoder.decode([String: String].self, from: Data(plain.utf8)) == said)
    }

    @Test("without its last line is known to be cut, anywhere")
    func cut() async throws {
        for count in stride(from: 0, to: SampleEvents.login.utf8.count - 1, by: 97) {
            let text = String(decoding: SampleEvents.login.utf8.prefix(count), as: UTF8.self)
            #expect(try await events(text).1 == false)
        }
    }

    @Test(
        "is refused with the line's number",
        arguments: [
            ("[]\n", "line 1"), ("{}\n", "line 1: the key 'event' is missing"),
            (#"{"event":"end","instr":0,"events":0,"dropped":0}"# + "\n", "line 1: the events do not begin"),
            (
                #"{"event":"begin","instr":0,"version":2,"kernel":"","lacks":[]}"# + "\n",
                "line 1: the events are of version 2"
            ),
            (begin + #"{"event":"nosuch","instr":1}"# + "\n", "line 2: there is no event 'nosuch'"),
            (
                begin + #"{"event":"exec","instr":1,"pid":1,"tid":1,"comm":"x"}"# + "\n",
                "line 2: an event 'exec' has no 'ppid'"
            ),
            (
                begin + #"{"event":"write","instr":1,"pid":1,"tid":1,"comm":"x","path":"\\q"}"# + "\n",
                "a wrong escape"
            ),
            (begin + #"{"event":"exit","instr":1,"pid":1,"tid":1,"comm":"x","status":"1"}"# + "\n", "line 2"),
            (begin + begin, "line 2: the events begin once more"),
            (
                begin + #"{"event":"end","instr":4,"events":1,"dropped":0}"# + "\n",
                "line 2: 'instr' goes back"
            ),
            (begin + end + end, "line 3: there is more behind the last event"),
            (
                begin
                    + #"{"event":"terminal","instr":5,"pid":1,"tid":1,"comm":"","path":"/dev/tty","direction":"\u001b","data":""}"#
                    + "\n", "direction '?'"
            ),
        ]
    )
    func refused(text: String, reason: String) async throws {
        await #expect { try await events(text) } throws: { error in
            guard let failure = error as? Failure else { return false }
            return failure.code == .badData && failure.message.contains(reason)
                && !failure.message.contains("\u{1B}")
        }
    }

    private static let begin = #"{"event":"begin","instr":5,"version":1,"kernel":"","lacks":[]}"# + "\n"
    private static let end = #"{"event":"end","instr":5,"events":1,"dropped":0}"# + "\n"

    @Test("is refused where a line, or the file, is longer than is allowed")
    func limits() async throws {
        var limits = EventLimits()
        limits.lineBytes = 200
        await #expect(throws: Failure.self) { try await events(SampleEvents.login, limits: limits) }
        await #expect(throws: Failure.self) {
            try await events(String(repeating: "x", count: 3000), limits: limits)
        }
        limits = EventLimits()
        limits.fileBytes = ByteSize(bytes: 100)
        await #expect(throws: Failure.self) { try await events(SampleEvents.login, limits: limits) }
    }

    @Test("with any bytes changed is read or refused, and no more")
    func mutations() async throws {
        var random = SeededGenerator(seed: 9)
        let sound = Array(SampleEvents.login.utf8)
        try await withScratch { folder in
            for _ in 0..<400 {
                var bytes = sound
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                    case 1: bytes.remove(at: place)
                    case 2: bytes.insert(contentsOf: Array("99999999999999999999".utf8), at: place)
                    default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &random))
                    }
                }
                try FileSystem.write(Data(bytes), to: folder / "m.jsonl")
                do {
                    let activity = try GuestActivity(folder / "m.jsonl")
                    for terminal in activity.terminals { _ = terminal.screen }
                } catch let failure as Failure {
                    #expect(failure.code == .badData)
                }
            }
        }
    }
}
