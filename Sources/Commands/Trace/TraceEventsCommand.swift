import ArgumentParser
import Foundation
import GuestEvents
import HostSupport

struct TraceEventsCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Print what a guest's programs did, as a replay under the plugin guest_events told",
        discussion: """
            A line for each event: the guest instruction, the time by the guest's clock, the process and its name, the \
            kind, and what happened. The kinds are \(EventKind.list).

            Examples:
              $ pandacap replay RUN-ID --plugin guest_events --output out
              $ pandacap trace events out
              $ pandacap trace events out/events.jsonl --kind exec,exit,terminal
              $ pandacap trace events RUN-ID --typed
            """
    )

    @Argument(help: "A file of events, a folder with one, or a trace whose run has an analysis 'events'.")
    var events: String

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder that a run's id is looked up in.", valueName: "folder")
    )
    var collection = "traces"

    @Option(help: ArgumentHelp("Only events of these kinds.", valueName: "kind,..."))
    var kind: String?

    @Option(help: ArgumentHelp("Only events of this process.", valueName: "number"))
    var pid: Int?

    @Flag(help: "What was typed on terminals instead, a line for each return key.")
    var typed = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        _ = try kinds
        if typed, kind != nil || pid != nil {
            throw ValidationError("--typed tells lines and no events: it takes neither --kind nor --pid")
        }
    }

    /// The kinds that are wanted; those that people read where none are named.
    private var kinds: Set<EventKind> {
        get throws {
            guard let kind else { return Set(EventKind.allCases) }
            return Set(
                try kind.split(separator: ",", omittingEmptySubsequences: false).map { name in
                    guard let kind = EventKind(rawValue: String(name)) else {
                        throw ValidationError("there is no kind '\(name)'; there are \(EventKind.list)")
                    }
                    return kind
                }
            )
        }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let file = try await TraceEvents.named(events, collection: HostPath(collection))
        if typed {
            let activity = try GuestActivity(file)
            if !activity.isComplete { console.warning("\(file) has no end: it was cut off") }
            try print(TypedReport(activity))
            return 0
        }
        let wanted = try kinds
        let isComplete = try EventReader(file).read { event, line in
            guard wanted.contains(event.kind), pid == nil || event.pid == pid else { return }
            // With --json they are the plugin's own lines: each is an object.
            let text = global.json ? GuestEvent.plainLine(line) : event.line
            try StandardStream.output.write(text + "\n")
        }
        if !isComplete { console.warning("\(file) has no end: it was cut off") }
        return 0
    }
}

extension EventKind {
    fileprivate static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension GuestEvent {
    fileprivate var line: String {
        let moment = time.map(JSONText.timeText) ?? "-"
        let who = pid.map { pid in
            let thread = task.flatMap { $0.tid == pid ? nil : "/\($0.tid)" } ?? ""
            return "\(pid)\(thread) \(task?.name.visible ?? sumName ?? "")"
        }
        let fields = ["\(instruction)", moment, who ?? "-", kind.rawValue, description]
        return Console.printable(fields.joined(separator: "  "))
    }

    private var sumName: String? {
        switch content {
        case .file(_, let name, _), .filesDropped(_, let name, _), .systemCalls(_, let name, _): name.visible
        default: nil
        }
    }
}

/// What was typed.
private struct TypedReport: Report {
    struct Line: Encodable {
        let terminal: String
        let instruction: UInt64
        let time: Date?
        let pid: Int
        let reader: String
        let typed: String
        let isEnded: Bool
    }

    let lines: [Line]

    init(_ activity: GuestActivity) {
        lines = activity.terminals.flatMap { terminal in
            terminal.lines.map { line in
                Line(
                    terminal: terminal.path.visible,
                    instruction: line.instruction,
                    time: line.time,
                    pid: line.reader.pid,
                    reader: line.reader.name.visible,
                    typed: line.text.visible,
                    isEnded: line.isEnded
                )
            }
        }.sorted { $0.instruction < $1.instruction }
    }

    var text: String {
        lines.map { line in
            Console.printable(
                "\(line.instruction)  \(line.time.map(JSONText.timeText) ?? "-")  \(line.terminal)  \(line.pid) "
                    + "\(line.reader)  \(line.typed)"
            )
        }.joined(separator: "\n")
    }
}
