import Catalogue
public import HostSupport
import RunRecords

extension Pandalog {
    /// How many entries there are, and of which kinds.
    public struct Census: Sendable, Codable, Hashable {
        /// The file.
        public let file: HostPath
        /// Its size in bytes.
        public let bytes: UInt64
        /// How many chunks it has.
        public let chunks: Int
        /// How many entries tell something.
        public var entries = 0
        /// How many there are of each kind.
        public var kinds: [String: Int] = [:]
        /// The instructions of the first and of the last.
        public var first: UInt64?
        /// The greatest instruction.
        public var last: UInt64?
    }

    /// Reads all entries.
    ///
    /// - Parameter body: Is handed each.
    /// - Returns: What there was.
    /// - Throws: ``HostSupport/Failure`` with `bad-data` where the log cannot be read to its end; what `body` throws.
    @discardableResult
    public func read(_ body: (PandalogEntry) throws -> Void = { _ in }) throws -> Census {
        var census = Census(file: path, bytes: byteCount, chunks: chunks.count)
        do {
            var reader = try makeReader()
            while let entry = try reader.next() {
                if census.entries % 4096 == 0, Interrupts.count > 0 {
                    throw Failure(.interrupted, "interrupted")
                }
                census.entries += 1
                census.kinds[entry.kind, default: 0] += 1
                census.first = min(census.first ?? entry.instruction, entry.instruction)
                census.last = max(census.last ?? 0, entry.instruction)
                try body(entry)
            }
        } catch let error as PandalogError {
            throw error.failure(path)
        }
        return census
    }

    /// Writes each entry as a line of JSON.
    ///
    /// - Parameter output: Where to; it is finished.
    /// - Returns: What there was.
    /// - Throws: ``HostSupport/Failure``.
    public func writeLines(to output: consuming BufferedOutput) throws -> Census {
        let census = try read { try output.write($0.json + "\n") }
        try output.finish()
        return census
    }

    /// Writes all entries into a file of SQLite: the table `entries`, and one for each kind of message.
    ///
    /// - Parameter target: The file, which is replaced.
    /// - Returns: What there was.
    /// - Throws: ``HostSupport/Failure``.
    public func writeTables(to target: HostPath) throws -> Census {
        let file = try TableFile(target)
        let tables = PandalogTables(schema: .panda)
        try file.create(PandalogTables.entries, index: "kind")
        var waiting: [String: [[ResultTable.Cell?]]] = [:]
        var count = 0
        var bytes = 0
        func flush() throws {
            for (name, rows) in waiting.sorted(by: { $0.key < $1.key }) {
                if let table = tables.table(of: name) { try file.create(table) }
                var rest = rows[...]
                try file.insert(into: name) { rest.popFirst() }
            }
            waiting = [:]
            count = 0
            bytes = 0
        }
        func add(_ row: [ResultTable.Cell?], to name: String) {
            bytes += row.reduce(0) { $0 + ($1?.size ?? 0) }
            waiting[name, default: []].append(row)
        }
        let census = try read { entry in
            add(PandalogTables.row(of: entry), to: "entries")
            if let row = tables.kindRow(of: entry) { add(row, to: entry.kind) }
            count += 1
            // Entries of many mebibytes come out of a small log.
            if count >= 4096 || bytes > 8 << 20 { try flush() }
        }
        try flush()
        try file.finish()
        return census
    }
}

extension PandalogError {
    /// The error with the file's name.
    public func failure(_ path: HostPath) -> Failure {
        Failure(
            code == .cannotRead ? .inputOutput : .badData,
            "\(path): \(self)",
            hint: code == .notClosed ? "the replay that wrote it did not come to its end" : nil
        )
    }
}

/// The tables that a log becomes.
struct PandalogTables {
    let schema: PandalogSchema

    /// A row for each entry.
    static let entries = ResultTable(
        "entries",
        "an entry of the log",
        [
            .init("number", .integer, "its number in the log"),
            .init("instr", .integer, "when it was written, in guest instructions"),
            .init("pc", .text, "the guest's program counter"),
            .init("kind", .text, "what it tells of"),
            .init("content", .text, "its fields, as JSON"),
        ]
    )

    static func row(of entry: PandalogEntry) -> [ResultTable.Cell?] {
        [
            .count(entry.number), .count(entry.instruction), .address(entry.counter), .text(entry.kind),
            .text(entry.fields.json),
        ]
    }

    /// The table of a kind of message; nothing where the schema does not know it.
    func table(of kind: String) -> ResultTable? {
        guard let fields = fields(of: kind) else { return nil }
        let own = fields.map { field in
            let isTaken = Self.head.contains { $0.name == field.name }
            return ResultTable.Column(
                isTaken ? "\(kind)_\(field.name)" : field.name,
                field.column,
                "the field \(field.name)"
            )
        }
        return ResultTable(kind, "a message \(kind)", Self.head + own)
    }

    /// The row of an entry in the table of its kind.
    func kindRow(of entry: PandalogEntry) -> [ResultTable.Cell?]? {
        guard let fields = fields(of: entry.kind), let message = entry.fields.message(entry.kind) else {
            return nil
        }
        return [.count(entry.number), .count(entry.instruction), .address(entry.counter)]
            + fields.map { field in message[field.name].map { Self.cell($0, field) } }
    }

    private static let head: [ResultTable.Column] = [
        .init("entry", .integer, "the entry's number"),
        .init("instr", .integer, "when it was written, in guest instructions"),
        .init("pc", .text, "the guest's program counter"),
    ]

    private func fields(of kind: String) -> [PandalogSchema.Field]? {
        guard let root = schema.fields(of: PandalogSchema.root).first(where: { $0.name == kind }),
            case .message(let name) = root.kind
        else { return nil }
        return schema.fields(of: name)
    }

    private static func cell(_ value: PandalogValue, _ field: PandalogSchema.Field) -> ResultTable.Cell {
        switch value {
        case .unsigned(let number) where field.kind == .address: .address(number)
        case .unsigned(let number) where field.column == .integer: .count(number)
        case .signed(let number): .integer(number)
        case .boolean(let value): .boolean(value)
        case .number(let number): .number(number)
        case .text(let text): .text(text)
        default: .text(value.json)
        }
    }
}

extension ResultTable.Cell {
    /// About how much memory it takes.
    fileprivate var size: Int { if case .text(let text) = self { text.utf8.count } else { 8 } }
}

extension PandalogSchema.Field {
    fileprivate var column: ResultTable.Kind {
        guard !isRepeated else { return .text }
        switch kind {
        case .unsigned32, .signed: return .integer
        // See ``ResultTable/Kind/text``: a column of integers would make the larger half of them numbers with a fraction.
        case .unsigned64, .address: return .text
        case .boolean: return .boolean
        case .float, .double: return .number
        case .text, .bytes, .message: return .text
        }
    }
}
