import HostSupport

extension GuestEvent.Program {
    /// The argument vector as one would type it, or the file where nobody knows the vector; see ``commandLine(_:)``.
    public var commandLine: String {
        if let arguments, !arguments.isEmpty {
            return Self.commandLine(arguments) + (isCut ? " ..." : "")
        }
        return (path ?? file)?.visible ?? ""
    }

    /// Arguments with spaces between them, quoted where one has characters that a shell takes for more.
    public static func commandLine(_ arguments: [GuestText]) -> String {
        arguments.map { argument in
            let text = argument.visible
            let isPlain =
                !text.isEmpty
                && text.unicodeScalars.allSatisfy { scalar in
                    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                        || "%+,-./:=@_^".unicodeScalars.contains(scalar)
                }
            return isPlain
                ? text
                : "'"
                    + text.split(separator: "'", omittingEmptySubsequences: false)
                    .joined(separator: #"'\''"#) + "'"
        }.joined(separator: " ")
    }
}

extension GuestEvent.Ending: CustomStringConvertible {
    /// The ending in a word or two.
    public var description: String {
        switch self {
        case .status(let status): "status \(status)"
        case .signal(let signal): "signal \(signal)"
        }
    }
}

extension GuestEvent.Address: CustomStringConvertible {
    /// The address, with the port.
    public var description: String {
        if let host, let port { return family == "inet6" ? "[\(host)]:\(port)" : "\(host):\(port)" }
        if let path { return path.bytes.isEmpty ? "\(family), unnamed" : path.visible }
        return "family \(family)"
    }
}

extension GuestEvent.Change: CustomStringConvertible {
    /// The change in a line.
    public var description: String {
        var words = [operation]
        if let mode { words.append(String(mode, radix: 8)) }
        if let path { words.append(path.visible) }
        if let to { words += ["to", to.visible] }
        if let target { words += ["with", target.visible] }
        return words.joined(separator: " ")
    }
}

extension GuestEvent.SocketUse: CustomStringConvertible {
    /// What was done, in a line.
    public var description: String {
        var words = [operation.rawValue]
        if let named { words.append("\(named)") }
        if let local { words.append("here \(local)") }
        if let peer, peer != named { words.append("there \(peer)") }
        if let type { words.append(type) }
        if let error { words.append("error \(error)") }
        if isUnfinished { words.append("unfinished") }
        return words.joined(separator: " ")
    }
}

extension GuestEvent: CustomStringConvertible {
    /// What happened, in a line without control characters; who did it is not in it.
    public var description: String {
        switch content {
        case .begin(let kernel, let lacks):
            kernel.visible + (lacks.isEmpty ? "" : "; not told: " + lacks.joined(separator: ", "))
        case .process(_, let program), .exec(_, let program): program.commandLine
        case .start(let task, let parent):
            task.pid == task.tid ? "child of \(parent)" : "thread of \(task.pid)"
        case .exit(_, let ending): "\(ending)"
        case .switched(_, let before): "from \(before)"
        case .open(_, let path, let flags): "\(path.visible) \(flags.joined(separator: ","))"
        case .write(_, let path): path.visible
        case .change(_, let change): "\(change)"
        case .socket(_, let use): "\(use)"
        case .map(_, let mapping): "\(mapping)"
        case .mappings(_, let moment, let mappings): "\(mappings.count) mappings at its \(moment)"
        case .terminal(_, let use):
            "\(use.path.visible) \(use.isOutput ? ">" : "<") \(use.data.visible)" + (use.isCut ? " ..." : "")
        case .window(_, let path, let rows, let columns): "\(path.visible) \(columns) columns, \(rows) rows"
        case .file(_, _, let use): "\(use.path.visible) \(use.read) read, \(use.written) written"
        case .filesDropped(_, _, let count): "\(count) uses of files without sums"
        case .systemCalls(_, _, let counts):
            counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
                .joined(separator: ", ")
        case .end(let events, let dropped): "\(events) events" + (dropped > 0 ? ", \(dropped) dropped" : "")
        }
    }
}

extension GuestEvent.Mapping: CustomStringConvertible {
    /// The mapping as `/proc/PID/maps` has it.
    public var description: String {
        let range = "\(String(start, radix: 16))-\(String(end, radix: 16))"
        return [range, rights, path?.visible].compactMap { $0 }.joined(separator: " ")
    }
}

extension GuestEvent {
    /// Its kind.
    public var kind: EventKind {
        switch content {
        case .begin: .begin
        case .process: .process
        case .start: .start
        case .exec: .exec
        case .exit: .exit
        case .switched: .switched
        case .open: .open
        case .write: .write
        case .change: .change
        case .socket(_, let use):
            switch use.operation {
            case .connect: .connect
            case .bind: .bind
            case .listen: .listen
            case .accept: .accept
            case .send: .send
            }
        case .map: .map
        case .mappings: .mappings
        case .terminal: .terminal
        case .window: .window
        case .file: .file
        case .filesDropped: .filesDropped
        case .systemCalls: .systemCalls
        case .end: .end
        }
    }
}

extension GuestEvent {
    /// A line of the plugin's file with escapes for what a terminal acts on, or some readers end a line at.
    ///
    /// - Parameter line: A line that was read as an event: such characters stand in its strings only, but for the space
    ///   between its parts.
    /// - Returns: JSON that says the same.
    public static func plainLine(_ line: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        for scalar in String(decoding: line, as: UTF8.self).unicodeScalars {
            if scalar.value < 0x20 {
                text.append(" ")
            } else if let escape = JSONText.escape(scalar) {
                text.append(contentsOf: escape.unicodeScalars)
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }
}
