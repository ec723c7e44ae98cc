import GuestEvents
import HostSupport
import TestSupport
import Testing

@Suite("What a guest's programs did")
struct ActivityTests {
    private func activity(_ text: String = SampleEvents.login) async throws -> GuestActivity {
        try await withScratch { folder in try GuestActivity(try SampleEvents.write(text, in: folder)) }
    }

    @Test("has each process from its start to its end, and when it ran")
    func processes() async throws {
        let activity = try await activity()
        #expect(activity.isComplete)
        #expect(activity.processes.map(\.pid) == [1, 20, 21, 22])
        let cat = activity.processes[2]
        #expect((cat.parent, cat.started, cat.ended) == (20, 50, 80))
        #expect(cat.ending == .signal(13))
        #expect(cat.systemCalls == ["read": 2, "write": 1])
        #expect(cat.runs.map(\.program.commandLine) == ["cat /etc/passwd"])
        #expect(activity.processes[3].runs.map(\.program.commandLine) == ["head -n 'a b'"])
        #expect(activity.processes[3].ending == .status(3))
        #expect(activity.processes[0].started == nil)
        #expect(activity.turns.map(\.instructions) == [45..<55, 55..<100])
        #expect(activity.processes.map(\.instructions) == [0, 10, 45, 0])
        #expect(activity.leftOut == 2)
    }

    @Test("has files with their sums, and who used them")
    func files() async throws {
        let activity = try await activity()
        let loot = try #require(activity.files.first { $0.written > 0 })
        #expect(loot.path.bytes == Array("/tmp/".utf8) + [0xff])
        #expect((loot.read, loot.written, loot.first, loot.last) == (0, 53, 71, 72))
        #expect(loot.users.map(\.description) == ["head"])
        #expect(activity.changes.map { "\($0.change)" } == ["rename /tmp/a to /tmp/b"])
        #expect(activity.connections.count == 2)
    }

    @Test("has what was typed, a line for each return key, and the processes that it started")
    func typed() async throws {
        let activity = try await activity()
        let terminal = try #require(activity.terminals.first)
        #expect(terminal.lines.map(\.text.visible) == ["cat /etc/passwd | head > /tmp/\u{FFFD}"])
        #expect(terminal.lines[0].instruction == 30 && terminal.lines[0].isEnded)
        #expect(activity.processes(of: 0, on: terminal).map(\.pid) == [21, 22])
        #expect(terminal.screen == ["#"])
        #expect(terminal.columns == 80)
    }

    @Test("of a number that is used again are two processes")
    func reuse() async throws {
        let lines = SampleEvents.login.split(separator: "\n").map(String.init)
        let again = #"{"event":"start","instr":95,"pid":21,"tid":21,"comm":"sh","ppid":1}"#
        let activity = try await activity(
            (lines.dropLast() + [again, lines[27]]).joined(separator: "\n") + "\n"
        )
        #expect(activity.processes.map(\.pid) == [1, 20, 21, 22, 21])
        #expect(activity.processes[4].started == 95 && activity.processes[4].ended == nil)
        #expect(activity.processes[2].ended == 80)
    }

    @Test("of a process goes on where its main thread ends first")
    func threads() async throws {
        let head = #"{"event":"begin","instr":1,"version":1,"kernel":"","lacks":[]}"# + "\n"
        func line(_ instruction: Int, _ kind: String, tid: Int, _ more: String) -> String {
            #"{"event":"\#(kind)","instr":\#(instruction),"pid":7,"tid":\#(tid),"comm":"x",\#(more)}"# + "\n"
        }
        var text =
            head + line(2, "start", tid: 7, #""ppid":1"#) + line(3, "start", tid: 8, #""ppid":1"#)
            + line(4, "exit", tid: 8, #""status":9"#)
        #expect(try await activity(text).processes.map(\.ended) == [nil])
        text += line(5, "exit", tid: 7, #""status":0"#)
        #expect(try await activity(text).processes.map(\.ended) == [5])
        text += line(6, "switch", tid: 9, #""from":0"#)
        #expect(try await activity(text).processes.map(\.ending) == [nil])
        text += line(7, "exit", tid: 9, #""status":3"#)
        let process = try #require(try await activity(text).processes.first)
        #expect(process.ended == 7 && process.ending == .status(3))
    }

    @Test("counts what was left out, however much that is")
    func muchLeftOut() async throws {
        let lines = (0..<2).map { _ in
            #"{"event":"files-dropped","instr":5,"pid":7,"comm":"x","count":18446744073709551615}"#
        }
        let head = #"{"event":"begin","instr":1,"version":1,"kernel":"","lacks":[]}"#
        #expect(try await activity(([head] + lines).joined(separator: "\n") + "\n").leftOut == .max)
    }

    @Test("of a terminal is known to be cut where the plugin told no more of it")
    func cutTerminal() async throws {
        let text = SampleEvents.login.replacing(
            #"{"event":"switch","instr":45"#,
            with:
                #"{"event":"terminal","instr":44,"pid":20,"tid":20,"comm":"sh","path":"/dev/pts/0","direction":"out","data":"","truncated":true,"bytes":9}"#
                + "\n" + #"{"event":"switch","instr":45"#
        )
        #expect(try await activity().terminals.map(\.isCut) == [false])
        #expect(try await activity(text).terminals.map(\.isCut) == [true])
    }

    @Test(
        "is on the screen as lines without what drives a terminal",
        arguments: [
            ("plain\r\nlines\n", ["plain", "lines"]), ("a\u{8}b", ["b"]), ("abc\rx", ["xbc"]),
            ("\u{1B}[31mred\u{1B}[0m", ["red"]), ("\u{1B}]0;title\u{7}x", ["x"]),
            ("\u{1B}]0;title\u{1B}\\x", ["x"]),
            ("lss\u{8}\u{1B}[K", ["ls"]), ("a\tb", ["a       b"]), ("\u{1B}", []), ("\u{1B}[", []),
            ("\u{1B}(Bx", ["x"]),
            ("\u{0}\u{7}\u{9B}2Jx\u{85}", ["x"]), ("abc\u{8}\u{8}\u{1B}[P", ["ac"]),
            ("0123456789", ["0123456789"]),
            // What readline writes at the margin of ten columns.
            ("012345678a \rbc\u{8}d", ["012345678abd"]), ("012345678abc\u{1B}[A\rX", ["X12345678abc"]),
        ]
    )
    func screen(written: String, lines: [String]) {
        #expect(PlainScreen(Array(written.utf8), columns: 10).lines == lines)
    }

    @Test("is on the screen whatever bytes there are")
    func anyScreen() {
        var random = SeededGenerator(seed: 4)
        let marks = Array("\u{1B}[]0;9KPABCD\r\n\t\u{8}\u{7}aé".utf8)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? marks[Int.random(in: 0..<marks.count, using: &random)]
                    : UInt8.random(in: 0...255, using: &random)
            }
            let columns = Bool.random(using: &random) ? nil : Int.random(in: 1...30, using: &random)
            for line in PlainScreen(bytes, columns: columns).lines {
                #expect(!line.unicodeScalars.contains { $0.properties.generalCategory == .control })
            }
        }
    }
}
