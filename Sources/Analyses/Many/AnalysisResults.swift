import Catalogue
import Foundation
public import HostSupport
import RunRecords

/// Joins the tables of many analyses: one file of SQLite, and a CSV of each table.
public struct AnalysisResults: Sendable {
    /// The folder for what is joined.
    public let folder: HostPath

    /// `results.sqlite`: all tables.
    public var database: HostPath { folder / "results.sqlite" }

    /// Describes the results in a folder.
    public init(_ folder: HostPath) {
        self.folder = FileSystem.absolute(folder)
    }

    /// What was joined.
    public struct Summary: Sendable, Codable, Hashable {
        /// The file of SQLite.
        public let database: HostPath
        /// How many rows each table has.
        public var rows: [String: Int] = [:]
    }

    private static let traces = ResultTable(
        "traces",
        "a recording that was analysed",
        [
            .init("run", .text, "the run"),
            .init("recording", .text, "the recording"),
            .init("state", .text, "finished or failed"),
            .init("problem", .text, "why it failed"),
            .init("image", .text, "the guest image"),
            .init("command", .text, "what the run was tagged and called"),
            .init("instructions", .integer, "its length in guest instructions"),
            .init("replay_seconds", .number, "how long the replay took"),
            .init("seconds", .number, "how long it took with all that was made of the outputs"),
            .init("started", .text, "when it was begun"),
        ]
    )

    private static let columns = ResultTable(
        "columns",
        "a column of a table",
        [
            .init("table_name", .text, "the table"),
            .init("column_name", .text, "the column"),
            .init("kind", .text, "what its cells hold"),
            .init("summary", .text, "what that means"),
        ]
    )

    /// Joins the tables, without those of an analysis that has one which is not what its manifest says.
    ///
    /// - Parameters:
    ///   - results: What came of the analyses.
    ///   - items: Of which recordings, in the same order.
    /// - Returns: What was joined, and what came of the analyses, of which those that were left out have failed.
    /// - Throws: ``HostSupport/Failure`` where the files cannot be written.
    public func join(_ results: [AnalysisItemResult], of items: [AnalysisItem]) throws -> (
        summary: Summary, results: [AnalysisItemResult]
    ) {
        var known = [Self.traces, Self.columns]
        let results = try zip(results, items).map { result, item in try Self.checked(result, item, &known) }
        try FileSystem.createDirectory(folder)
        let file = try TableFile(database)
        let sink = TableSink(folder)
        var rows: [String: Int] = [:]
        var seen: [ResultTable] = []
        func add(_ table: ResultTable, _ next: () throws -> [ResultTable.Cell?]?) throws {
            try file.create(table, index: table.columns.first?.name == "run" ? "run" : nil)
            try sink.begin(table)
            if !seen.contains(where: { $0.name == table.name }) { seen.append(table) }
            try file.insert(into: table.name) {
                guard let row = try next() else { return nil }
                rows[table.name, default: 0] += 1
                try sink.add(row, to: table)
                return row
            }
        }
        var lines = zip(results, items).map(Self.row)[...]
        try add(Self.traces) { lines.popFirst() }
        for result in results {
            guard let folder = result.folder, result.state != .failed,
                let manifest = try AnalysisManifest.read(from: folder)
            else { continue }
            for table in manifest.tables {
                var reader = try CSVReader(folder / table.file, of: table.table)
                let joined = Self.joined(table.table)
                try add(joined) {
                    try reader.next().map { [.text(result.run), .text(result.recording)] + $0 }
                }
            }
        }
        var words = seen.flatMap { table in
            table.columns.map { column -> [ResultTable.Cell?] in
                [.text(table.name), .text(column.name), .text(column.kind.rawValue), .text(column.summary)]
            }
        }[...]
        try add(Self.columns) { words.popFirst() }
        try file.finish()
        _ = try sink.finish()
        return (Summary(database: database, rows: rows), results)
    }

    /// Reads the tables of an analysis once before they are joined: what is written then is not taken back.
    private static func checked(
        _ result: AnalysisItemResult,
        _ item: AnalysisItem,
        _ known: inout [ResultTable]
    ) throws -> AnalysisItemResult {
        guard let folder = result.folder, result.state != .failed else { return result }
        do {
            for table in try AnalysisManifest.read(from: folder)?.tables ?? [] {
                var reader = try CSVReader(folder / table.file, of: table.table)
                var rows = 0
                while try reader.next() != nil { rows += 1 }
                guard rows == table.rows else {
                    throw Failure(
                        .badData,
                        "\(folder / table.file) has \(rows) rows instead of \(table.rows)"
                    )
                }
                let joined = joined(table.table)
                let other = known.first { $0.name == joined.name }
                guard other?.columns.map(\.name) ?? joined.columns.map(\.name) == joined.columns.map(\.name)
                else { throw Failure(.badData, "\(folder / table.file) has other columns than others have") }
                if other == nil { known.append(joined) }
            }
            return result
        } catch let failure as Failure where failure.code != .interrupted {
            return AnalysisItemResult(
                item,
                Failure(
                    failure.code,
                    failure.message,
                    hint: "remove \(folder), and the same command makes it anew"
                )
            )
        }
    }

    /// A table with the run and the recording before its own columns.
    private static func joined(_ table: ResultTable) -> ResultTable {
        ResultTable(
            table.name,
            table.summary,
            [.init("run", .text, "the run"), .init("recording", .text, "the recording")] + table.columns
        )
    }

    private static func row(_ result: AnalysisItemResult, _ item: AnalysisItem) -> [ResultTable.Cell?] {
        let manifest = result.folder.flatMap { (try? AnalysisManifest.read(from: $0)) ?? nil }
        let words = (item.record.tags ?? []) + (item.record.label.map { [$0] } ?? [])
        return [
            .text(result.run), .text(result.recording),
            .text(result.state == .failed ? "failed" : "finished"), result.problem.map { .text($0) },
            .text(item.record.image.name), .text(words.joined(separator: " ")),
            result.instructions.map { .count($0) }, manifest.map { .number($0.replaySeconds) },
            .number(result.seconds), manifest.map { .text(JSONText.timeText($0.started)) },
        ]
    }
}
