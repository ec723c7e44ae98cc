import HostSupport
import RunRecords

/// What a replay left, to be made tables of.
struct AnalysisOutput: Sendable {
    /// The folder that the engine worked in.
    let folder: HostPath
    /// The path prefix of the recording's files.
    let recording: HostPath
    /// The plugins.
    let plugins: [PluginRequest]

    /// What the engine writes PANDA's log to, where plugins are to have one.
    static let pandalogName = "pandalog.plog"

    var pandalog: HostPath { folder / Self.pandalogName }

    /// The plugin of a name.
    func plugin(_ name: String) -> PluginRequest? { plugins.first { $0.name == name } }
}

/// Makes tables of what plugins leave.
protocol TableSource: Sendable {
    /// The tables that it may make.
    var tables: [ResultTable] { get }

    /// Reads files.
    ///
    /// - Parameters:
    ///   - output: What the replay left.
    ///   - sink: Takes the rows.
    /// - Throws: What keeps the files from being read at all.
    func read(_ output: AnalysisOutput, into sink: TableSink) throws

    /// Makes a reader of PANDA's log; nothing where there is none to read.
    func pandalogReader() -> (any PandalogTableReader)?
}

extension TableSource {
    func read(_ output: AnalysisOutput, into sink: TableSink) throws {}
    func pandalogReader() -> (any PandalogTableReader)? { nil }
}

/// Makes rows of the entries of PANDA's log.
protocol PandalogTableReader {
    /// Takes in the next entry.
    mutating func read(_ entry: PandalogEntry, into sink: TableSink) throws
    /// There are no more entries.
    mutating func finish(into sink: TableSink) throws
}

extension PandalogTableReader {
    mutating func finish(into sink: TableSink) throws {}
}

/// Takes the rows of tables, and writes each table as a CSV, RFC 4180.
final class TableSink {
    private final class Output {
        var file: BufferedOutput?
        var rows = 0
        var problem: String?

        init(_ file: consuming BufferedOutput) { self.file = consume file }
    }

    private let folder: HostPath
    private var outputs: [String: Output] = [:]
    private var tables: [ResultTable] = []

    /// Prepares to write into a folder.
    init(_ folder: HostPath) {
        self.folder = folder
    }

    /// Begins a table, unless it is begun.
    func begin(_ table: ResultTable) throws {
        guard outputs[table.name] == nil else { return }
        let output = Output(try BufferedOutput((folder / "\(table.name).csv").string, force: true))
        try output.file?.write(CSV.line(table.columns.map { .text($0.name) }))
        outputs[table.name] = output
        tables.append(table)
    }

    /// Adds a row with a cell for each column.
    func add(_ row: [ResultTable.Cell?], to table: ResultTable) throws {
        if outputs[table.name] == nil { try begin(table) }
        guard let output = outputs[table.name] else { return }
        try output.file?.write(CSV.line(row))
        output.rows += 1
    }

    /// Takes down why a table ends before its source does, or leaves something out.
    func warn(_ problem: String, of table: ResultTable) throws {
        try begin(table)
        let output = outputs[table.name]
        if output?.problem == nil { output?.problem = Console.printable(String(problem.prefix(400))) }
    }

    /// Gives the files their names.
    ///
    /// - Returns: The tables, in the order in which they were begun.
    func finish() throws -> [AnalysisManifest.Table] {
        try tables.map { table in
            let output = outputs[table.name]
            try output?.file.take()?.finish()
            return AnalysisManifest.Table(
                file: "\(table.name).csv",
                rows: output?.rows ?? 0,
                table: table,
                problem: output?.problem
            )
        }
    }
}
