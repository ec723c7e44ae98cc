import Foundation
import HostSupport
import RunRecords

extension AnalysisPreset {
    static let events = AnalysisPreset(
        "events",
        "what processes did, as PANDAcap's own plugin guest_events tells",
        plugins: [PluginRequest("guest_events")],
        source: EventTables()
    )
}

/// A table of the lines that `guest_events` writes.
struct EventTables: TableSource {
    static let fileName = "events.jsonl"

    static let events = ResultTable(
        "events",
        "something that a process did",
        [
            .init("number", .integer, "its number"),
            .init("instr", .integer, "when, in guest instructions"),
            .init("time", .number, "the guest's clock as of its last tick, in seconds since 1970"),
            .init("event", .text, "what"),
            .init("pid", .integer, "the process"),
            .init("tid", .integer, "the thread"),
            .init("name", .text, "the thread's name"),
            .init("path", .text, "the file or the program that it is about"),
            .init("content", .text, "all of it, as JSON"),
        ]
    )

    var tables: [ResultTable] { [Self.events] }

    func read(_ output: AnalysisOutput, into sink: TableSink) throws {
        guard var lines = TextLines(output.folder / Self.fileName) else { return }
        try sink.begin(Self.events)
        var number: Int64 = 0
        var unread = 0
        while let line = try lines.next() {
            guard !line.isEmpty else { continue }
            guard
                let object = (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
            else {
                unread += 1
                continue
            }
            func whole(_ key: String) -> ResultTable.Cell? {
                (object[key] as? NSNumber).flatMap { Int64($0.stringValue) }.map { .integer($0) }
            }
            func text(_ key: String) -> ResultTable.Cell? { (object[key] as? String).map { .text($0) } }
            let time = (object["time"] as? NSNumber).map { ResultTable.Cell.number($0.doubleValue / 1e9) }
            try sink.add(
                [
                    .integer(number), whole("instr"), time, text("event"), whole("pid"), whole("tid"),
                    text("comm"), text("path"), .text(line),
                ],
                to: Self.events
            )
            number += 1
        }
        if unread > 0 { try sink.warn("\(unread) lines are no events", of: Self.events) }
    }
}
