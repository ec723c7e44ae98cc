import Foundation

/// A line of the plugin's file, as JSON has it.
struct EventLine: Decodable {
    struct Address: Decodable {
        var family: String
        var address: String?
        var port: Int?
        var path: String?
    }

    struct Area: Decodable {
        var start: UInt64
        var end: UInt64
        var rights: String
        var path: String?
    }

    /// What is wrong with a line.
    struct Problem: Error {
        let text: String

        init(_ text: String) {
            self.text = text
        }
    }

    var event: String
    var instr: UInt64
    var time: UInt64?
    var pid: Int?
    var tid: Int?
    var comm: String?
    var ppid: Int?
    var version: Int?
    var kernel: String?
    var lacks: [String]?
    var path: String?
    var file: String?
    var argv: [String]?
    var cwd: String?
    var truncated: Bool?
    var status: Int?
    var signal: Int?
    var from: FromValue?
    var to: ToValue?
    var fd: Int?
    var flags: [String]?
    var change: String?
    var target: String?
    var mode: Int?
    var type: String?
    var local: Address?
    var peer: Address?
    var error: Int?
    var unfinished: Bool?
    var at: String?
    var areas: [Area]?
    var start: UInt64?
    var length: UInt64?
    var rights: String?
    var direction: String?
    var data: String?
    var rows: Int?
    var columns: Int?
    var read: UInt64?
    var written: UInt64?
    var first: UInt64?
    var last: UInt64?
    var count: UInt64?
    var counts: [String: UInt64]?
    var events: UInt64?
    var dropped: UInt64?

    /// The task that had the processor before, or the address of who was accepted.
    enum FromValue: Decodable {
        case task(Int)
        case address(Address)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                self = .task(number)
            } else {
                self = .address(try container.decode(Address.self))
            }
        }
    }

    /// A path, or an address.
    enum ToValue: Decodable {
        case path(String)
        case address(Address)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .path(text)
            } else {
                self = .address(try container.decode(Address.self))
            }
        }
    }
}

extension EventLine {
    /// The event, with everything in it that its kind needs.
    func parsed() throws(Problem) -> GuestEvent {
        guard let kind = EventKind(rawValue: event) else { throw Problem("there is no event '\(event)'") }
        // Seconds since 1970 in nanoseconds; a Double has them to less than a microsecond.
        let date = time.map { Date(timeIntervalSince1970: Double($0) / 1e9) }
        return GuestEvent(instruction: instr, time: date, content: try content(kind))
    }

    private func content(_ kind: EventKind) throws(Problem) -> GuestEvent.Content {
        switch kind {
        case .begin:
            let version = try need(version, "version")
            guard version == 1 else { throw Problem("the events are of version \(version), not 1") }
            return .begin(kernel: try text(try need(kernel, "kernel")), lacks: lacks ?? [])
        case .process: return .process(try task(), try program())
        case .start: return .start(try task(), parent: try need(ppid, "ppid"))
        case .exec: return .exec(try task(), try program())
        case .exit:
            if let signal { return .exit(try task(), .signal(signal)) }
            return .exit(try task(), .status(try need(status, "status")))
        case .switched:
            guard case .task(let before) = try need(from, "from") else {
                throw Problem("'from' is no task")
            }
            return .switched(try task(), from: before)
        case .open:
            return .open(try task(), path: try text(try need(path, "path")), flags: flags ?? [])
        case .write: return .write(try task(), path: try text(try need(path, "path")))
        case .change: return .change(try task(), try changed())
        case .connect, .bind, .listen, .accept, .send:
            guard let operation = GuestEvent.SocketUse.Operation(rawValue: event) else {
                throw Problem("there is no event '\(event)'")
            }
            return .socket(try task(), try socket(operation))
        case .map:
            let start = try need(start, "start")
            let (end, overflow) = start.addingReportingOverflow(try need(length, "length"))
            return .map(
                try task(),
                .init(
                    start: start,
                    end: overflow ? .max : end,
                    rights: rights ?? "",
                    path: try optional(path)
                )
            )
        case .mappings: return .mappings(try task(), at: at ?? "", try mappings())
        case .terminal: return .terminal(try task(), try terminal())
        case .window:
            return .window(
                try task(),
                path: try text(try need(path, "path")),
                rows: try need(rows, "rows"),
                columns: try need(columns, "columns")
            )
        case .file: return .file(pid: try need(pid, "pid"), name: try name(), try fileUse())
        case .filesDropped:
            return .filesDropped(pid: try need(pid, "pid"), name: try name(), count: count ?? 0)
        case .systemCalls:
            return .systemCalls(
                pid: try need(pid, "pid"),
                name: try name(),
                counts: try need(counts, "counts")
            )
        case .end:
            return .end(events: try need(events, "events"), dropped: try need(dropped, "dropped"))
        }
    }

    private func need<Value>(_ value: Value?, _ key: String) throws(Problem) -> Value {
        guard let value else { throw Problem("an event '\(event)' has no '\(key)'") }
        return value
    }

    private func text(_ escaped: String) throws(Problem) -> GuestText {
        guard let text = GuestText(escaped: escaped) else { throw Problem("a text has a wrong escape") }
        return text
    }

    private func optional(_ escaped: String?) throws(Problem) -> GuestText? {
        guard let escaped else { return nil }
        return try text(escaped)
    }

    private func name() throws(Problem) -> GuestText { try text(comm ?? "") }

    private func task() throws(Problem) -> GuestEvent.Task {
        .init(pid: try need(pid, "pid"), tid: try need(tid, "tid"), name: try name())
    }

    private func program() throws(Problem) -> GuestEvent.Program {
        var arguments: [GuestText]?
        if let argv {
            var list: [GuestText] = []
            for argument in argv { list.append(try text(argument)) }
            arguments = list
        }
        return .init(
            parent: try need(ppid, "ppid"),
            path: try optional(path),
            file: try optional(file),
            arguments: arguments,
            folder: try optional(cwd),
            isCut: truncated ?? false
        )
    }

    private func changed() throws(Problem) -> GuestEvent.Change {
        var other: GuestText?
        if case .path(let path) = to { other = try text(path) }
        return .init(
            operation: try need(change, "change"),
            path: try optional(path),
            to: other,
            target: try optional(target),
            mode: mode
        )
    }

    private func address(_ value: Address?) throws(Problem) -> GuestEvent.Address? {
        guard let value else { return nil }
        return .init(
            family: value.family,
            host: value.address,
            port: value.port,
            path: try optional(value.path)
        )
    }

    private func socket(_ operation: GuestEvent.SocketUse.Operation) throws(Problem) -> GuestEvent.SocketUse {
        var named: Address?
        if case .address(let address) = to { named = address }
        if case .address(let address) = from { named = address }
        return .init(
            operation: operation,
            named: try address(named),
            local: try address(local),
            peer: try address(peer),
            type: type,
            error: error,
            isUnfinished: unfinished ?? false
        )
    }

    private func mappings() throws(Problem) -> [GuestEvent.Mapping] {
        var list: [GuestEvent.Mapping] = []
        for area in try need(areas, "areas") {
            list.append(
                .init(start: area.start, end: area.end, rights: area.rights, path: try optional(area.path))
            )
        }
        return list
    }

    private func terminal() throws(Problem) -> GuestEvent.TerminalUse {
        let direction = try need(direction, "direction")
        guard ["in", "out"].contains(direction) else {
            throw Problem("there is no direction '\(direction)'")
        }
        return .init(
            path: try text(try need(path, "path")),
            isOutput: direction == "out",
            data: try text(try need(data, "data")),
            isCut: truncated ?? false
        )
    }

    private func fileUse() throws(Problem) -> GuestEvent.FileUse {
        let first = try need(first, "first")
        return .init(
            path: try text(try need(path, "path")),
            read: try need(read, "read"),
            written: try need(written, "written"),
            instructions: first...max(first, last ?? first)
        )
    }
}
