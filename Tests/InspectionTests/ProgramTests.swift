import Testing
import Traces

@testable import GuestEvents
@testable import Inspection

@Suite("A report of what programs did")
struct ProgramTests {
    private static func activity(_ word: String) -> GuestActivity {
        let text = GuestText(bytes: Array(word.utf8))
        let task = GuestEvent.Task(pid: 7, tid: 7, name: text)
        let shell = GuestEvent.Task(pid: 5, tid: 5, name: text)
        func event(_ instruction: UInt64, _ content: GuestEvent.Content) -> GuestEvent {
            GuestEvent(instruction: instruction, time: nil, content: content)
        }
        let address = GuestEvent.Address(family: "unix", host: nil, port: nil, path: text)
        let program = GuestEvent.Program(
            parent: 5,
            path: text,
            file: text,
            arguments: [text],
            folder: text,
            isCut: true
        )
        func terminal(_ isOutput: Bool) -> GuestEvent.Content {
            .terminal(
                shell,
                .init(
                    path: text,
                    isOutput: isOutput,
                    data: GuestText(bytes: Array((word + "\n").utf8)),
                    isCut: true
                )
            )
        }
        return GuestActivity([
            event(0, .begin(kernel: text, lacks: [word])), event(1, terminal(true)),
            event(2, terminal(false)),
            event(10, .start(task, parent: 5)), event(20, .switched(task, from: 5)),
            event(30, .exec(task, program)), event(40, .write(task, path: text)),
            event(
                50,
                .change(task, .init(operation: word, path: text, to: text, target: text, mode: 0o644))
            ),
            event(
                60,
                .socket(
                    task,
                    .init(
                        operation: .connect,
                        named: address,
                        local: address,
                        peer: address,
                        type: word,
                        error: 1,
                        isUnfinished: false
                    )
                )
            ),
            event(90, .systemCalls(pid: 7, name: text, counts: [word: 3])),
            event(90, .exit(task, .status(1))), event(100, .end(events: 11, dropped: 2)),
        ])
    }

    private static func section(_ activity: GuestActivity) throws -> ReportSection {
        let overview = try SampleOverview.make(entries: 200, step: 10, seed: 3)
        let axis = InstructionAxis(overview.activity, ticksPerSecond: 1e9)
        var section = ReportSection(
            name: "r",
            summary: "",
            facts: [],
            problems: [],
            figures: ReportFigure.programs(activity, axis)
        )
        section.hasPrograms = true
        return section
    }

    @Test("names everything once, and says that a replay told it")
    func contents() throws {
        let html = try ReportPage(
            title: "t",
            generator: "g",
            sections: [try Self.section(Self.activity("word"))]
        ).html()
        for title in [
            "Processes", "Typed", "Files", "Changes of files", "Sockets", "System calls", "Terminal word",
        ] {
            #expect(html.contains("</h3>") && html.contains(">\(title)</h3>"), "\(title)")
        }
        #expect(html.contains("a replay under the plugin guest_events told"))
        #expect(html.contains("There was no room for 2 events."))
        #expect(html.contains("<span>word</span>"))
        #expect(html.contains("<th scope=\"row\" class=\"t\">word</th><td class=\"t\">word ...</td>"))
    }

    @Test(
        "lets a guest write nothing into the page",
        arguments: [
            "<script>alert(1)</script>", "\"\u{301} onclick=\"alert(1)", "<\u{338}b>", "{{title}}",
            "</span></div>",
            "\u{202e}gnp.exe", "'><img src=x>",
        ]
    )
    func hostile(word: String) throws {
        let html = try ReportPage(
            title: "t",
            generator: "g",
            sections: [try Self.section(Self.activity(word))]
        ).html()
        let plain = try ReportPage(
            title: "t",
            generator: "g",
            sections: [try Self.section(Self.activity("word"))]
        ).html()
        func tags(_ text: String) -> Int { text.utf8.count { $0 == UInt8(ascii: "<") } }
        #expect(tags(html) == tags(plain))
        #expect(!html.contains("<script>alert") && !html.unicodeScalars.contains("\u{202e}"))
    }

    @Test("gives each slice the share that a process had of it")
    func shares() throws {
        let overview = try SampleOverview.make(entries: 200, step: 10, seed: 3)
        let axis = InstructionAxis(overview.activity, ticksPerSecond: nil)
        let all = GuestActivity.Turn(process: 0, instructions: 0..<axis.instructions)
        let shares = axis.shares(of: [all], [0, 1])
        #expect(shares[0]?.allSatisfy { $0 > 0.99 && $0 <= 1 } == true)
        #expect(shares[1]?.allSatisfy { $0 == 0 } == true)
    }

    @Test("has the busiest first in the table of system calls, and says what was left out")
    func systemCalls() throws {
        func calls(_ count: Int) -> [String: UInt64] {
            Dictionary(uniqueKeysWithValues: (0..<count).map { ("call-\($0)", 1) })
        }
        let name = GuestText(bytes: Array("word".utf8))
        func process(_ pid: Int, _ counts: [String: UInt64]) -> [GuestEvent] {
            let task = GuestEvent.Task(pid: pid, tid: pid, name: name)
            return [.start(task, parent: 0), .systemCalls(pid: pid, name: name, counts: counts)].map {
                GuestEvent(instruction: 1, time: nil, content: $0)
            }
        }
        let crowd = (1...3).flatMap { process($0, calls(400)) }
        let figure = ReportFigure.systemCalls(GuestActivity(crowd + process(99, ["connect": 5000])))
        let table = try #require(figure.table)
        #expect(table.rows.count == 1000)
        #expect(table.rows.first?.cells.map(\.text) == ["99", "word", "connect", "5000"])
        #expect(table.note == "And 201 more.")
    }
}
