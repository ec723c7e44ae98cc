import Foundation
import HostSupport
import RunRecords

@testable import Analyses

/// Files in Tests/AnalysesTests/Fixtures, which replays of a tiny guest left.
enum FixtureFile {
    static var folder: HostPath { HostPath(#filePath).parent / "Fixtures" }

    static func bytes(_ name: String) throws -> [UInt8] { Array(try FileSystem.read(folder / name)) }
}

extension Pandalog {
    /// All entries of a log.
    static func entries(_ path: HostPath) throws(PandalogError) -> [PandalogEntry] {
        var entries: [PandalogEntry] = []
        var reader = try Pandalog(path).makeReader()
        while let entry = try reader.next() { entries.append(entry) }
        return entries
    }
}

/// The rows of the tables that a source makes of what is in a folder.
func rows(
    of source: any TableSource,
    in folder: HostPath,
    plugins: [PluginRequest] = [],
    pandalog: HostPath? = nil
) throws -> [String: [[String: ResultTable.Cell]]] {
    let sink = TableSink(folder)
    if let pandalog, var reader = source.pandalogReader() {
        try Pandalog(pandalog).read { try reader.read($0, into: sink) }
        try reader.finish(into: sink)
    }
    try source.read(AnalysisOutput(folder: folder, recording: folder / "r", plugins: plugins), into: sink)
    var result: [String: [[String: ResultTable.Cell]]] = [:]
    for table in try sink.finish() {
        var reader = try CSVReader(folder / table.file, of: table.table)
        var rows: [[String: ResultTable.Cell]] = []
        while let row = try reader.next() {
            let cells = zip(table.table.columns, row).compactMap { column, cell in
                cell.map { (column.name, $0) }
            }
            rows.append(Dictionary(uniqueKeysWithValues: cells))
        }
        result[table.table.name] = rows
    }
    return result
}
