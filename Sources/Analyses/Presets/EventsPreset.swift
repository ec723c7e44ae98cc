import Foundation
import GuestEvents
import HostSupport
import RunRecords

extension AnalysisPreset {
    static let events = AnalysisPreset(
        "events",
        "programs, files and sockets in one pass, as our own plugin guest_events tells",
        plugins: [PluginRequest("guest_events")],
        source: EventTables()
    )
}

/// Tables of what `guest_events` tells: docs/guest-events.md.
struct EventTables: TableSource {
    static let events = ResultTable(
        "events",
        "something that a guest's program did",
        [
            .init("instr", .integer, "when, in guest instructions"),
            .init("time", .number, "the guest's clock as of its last tick, in seconds since 1970"),
            .init("event", .text, "the kind"),
            .init("pid", .integer, "the process"),
            .init("tid", .integer, "the thread"),
            .init("name", .text, "the thread's name"),
            .init("content", .text, "all of it, as the plugin's JSON"),
        ]
    )

    static let programs = ResultTable(
        "programs",
        "a program that a process began",
        [
            .init("instr", .integer, "when, in guest instructions"),
            .init("time", .number, "the guest's clock, in seconds since 1970"),
            .init("pid", .integer, "the process"),
            .init("parent", .integer, "its parent"),
            .init("path", .text, "the executable"),
            .init("file", .text, "the file that was asked for"),
            .init("arguments", .text, "the argument vector, with spaces between"),
            .init("folder", .text, "the folder it was started in"),
        ]
    )

    static let sockets = ResultTable(
        "sockets",
        "something that was done with a socket",
        [
            .init("instr", .integer, "when, in guest instructions"),
            .init("time", .number, "the guest's clock, in seconds since 1970"),
            .init("pid", .integer, "the process"),
            .init("name", .text, "the thread's name"),
            .init("operation", .text, "connect, bind, listen, accept or send"),
            .init("type", .text, "stream, datagram and so on"),
            .init("family", .text, "inet, inet6, unix, or a number"),
            .init("named", .text, "the address that the call named"),
            .init("port", .integer, "its port"),
            .init("error", .integer, "the error's number"),
        ]
    )

    static let fileUses = ResultTable(
        "file_uses",
        "what a program did with a file, in all",
        [
            .init("pid", .integer, "the process"),
            .init("name", .text, "the program"),
            .init("path", .text, "the file"),
            .init("read", .integer, "bytes that were read"),
            .init("written", .integer, "bytes that were written"),
            .init("first", .integer, "the first use, in guest instructions"),
            .init("last", .integer, "the last use"),
        ]
    )

    var tables: [ResultTable] { [Self.events, Self.programs, Self.sockets, Self.fileUses] }

    func read(_ output: AnalysisOutput, into sink: TableSink) throws {
        let name = output.plugin("guest_events")?.value("out") ?? "events.jsonl"
        let file = output.folder / name
        guard !name.contains("/"), FileSystem.isRegularFile(file) else { return }
        for table in tables { try sink.begin(table) }
        let isComplete = try EventReader(file).read { event, line in
            let time = event.time.map { ResultTable.Cell.number($0.timeIntervalSince1970) }
            let task = event.task
            try sink.add(
                [
                    .count(event.instruction), time, .text(event.kind.rawValue), event.pid.map { .count($0) },
                    task.map { .count($0.tid) }, task.map { .text($0.name.visible) },
                    .text(String(decoding: line, as: UTF8.self)),
                ],
                to: Self.events
            )
            try Self.add(event, time, to: sink)
        }
        if !isComplete { try sink.warn("the events have no end", of: Self.events) }
    }

    private static func add(_ event: GuestEvent, _ time: ResultTable.Cell?, to sink: TableSink) throws {
        let instruction = ResultTable.Cell.count(event.instruction)
        switch event.content {
        case .process(let task, let program), .exec(let task, let program):
            try sink.add(
                [
                    instruction, time, .count(task.pid), .count(program.parent),
                    program.path.map { .text($0.visible) }, program.file.map { .text($0.visible) },
                    program.arguments.map { .text($0.map(\.visible).joined(separator: " ")) },
                    program.folder.map { .text($0.visible) },
                ],
                to: programs
            )
        case .socket(let task, let use):
            let address = use.named ?? use.peer ?? use.local
            try sink.add(
                [
                    instruction, time, .count(task.pid), .text(task.name.visible),
                    .text(use.operation.rawValue), use.type.map { .text($0) },
                    address.map { .text($0.family) },
                    (address?.host ?? address?.path?.visible).map { .text($0) },
                    address?.port.map { .count($0) }, use.error.map { .count($0) },
                ],
                to: sockets
            )
        case .file(let pid, let name, let use):
            try sink.add(
                [
                    .count(pid), .text(name.visible), .text(use.path.visible), .count(use.read),
                    .count(use.written), .count(use.instructions.lowerBound),
                    .count(use.instructions.upperBound),
                ],
                to: fileUses
            )
        default: break
        }
    }
}
