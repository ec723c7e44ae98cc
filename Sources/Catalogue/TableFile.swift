import Foundation
import GRDB
public import HostSupport
public import RunRecords

/// A file of SQLite with tables, which is written once and gets its name when it is whole.
public final class TableFile {
    private let target: HostPath
    private let draft: HostPath
    private var database: DatabaseQueue?
    private var tables: [String: ResultTable] = [:]

    /// Begins a file.
    ///
    /// - Parameter path: The file, which is replaced at the end.
    /// - Throws: ``HostSupport/Failure`` where it cannot be written.
    public init(_ path: HostPath) throws {
        target = FileSystem.absolute(path)
        draft = target.draft
        try target.removeLeftDrafts()
        try FileSystem.remove(draft)
        var configuration = Configuration()
        // Nobody sees the file before it is whole.
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        }
        database = try Self.naming(path) { [draft] in
            try DatabaseQueue(path: draft.string, configuration: configuration)
        }
    }

    deinit {
        try? database?.close()
        try? FileSystem.remove(draft)
    }

    /// Makes a table, unless it is there.
    ///
    /// - Parameters:
    ///   - table: The table.
    ///   - index: A column by which rows are looked for, too.
    /// - Throws: ``HostSupport/Failure`` with `bad-data` where its names are none, or another table has its name.
    public func create(_ table: ResultTable, index: String? = nil) throws {
        if let known = tables[table.name] {
            guard known.columns.map(\.name) == table.columns.map(\.name) else {
                throw Failure(.badData, "there are two tables '\(table.name)' with other columns")
            }
            return
        }
        guard table.isSound else { throw Failure(.badData, "'\(table.name)' has names that are none") }
        tables[table.name] = table
        let columns = table.columns.map { "\"\($0.name)\" \($0.kind.sql)" }.joined(separator: ", ")
        try write { database in
            try database.execute(sql: "CREATE TABLE \"\(table.name)\" (\(columns))")
            if let index {
                try database.execute(
                    sql: "CREATE INDEX \"\(table.name)_\(index)\" ON \"\(table.name)\" (\"\(index)\")"
                )
            }
        }
    }

    /// Adds rows to a table, all or none.
    ///
    /// - Parameters:
    ///   - name: The table.
    ///   - next: Hands out the next row, with a cell for each column; nothing at the end.
    /// - Throws: What `next` throws; ``HostSupport/Failure`` where the file cannot be written.
    public func insert(into name: String, _ next: () throws -> [ResultTable.Cell?]?) throws {
        guard let table = tables[name] else { throw Failure(.internal, "there is no table '\(name)'") }
        let marks = table.columns.map { _ in "?" }.joined(separator: ", ")
        try write { database in
            let statement = try database.makeStatement(sql: "INSERT INTO \"\(name)\" VALUES (\(marks))")
            while let row = try next() {
                try statement.execute(arguments: StatementArguments(row.map { $0?.value ?? .null }))
            }
        }
    }

    /// Gives the file its name.
    ///
    /// - Throws: ``HostSupport/Failure`` where it cannot be written.
    public func finish() throws {
        try Self.naming(target) { [database] in try database?.close() }
        database = nil
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: draft.string))
        try file.synchronize()
        try file.close()
        // What SQLite left beside an earlier file of this name would be taken for a part of the new one.
        for suffix in ["-wal", "-shm", "-journal"] {
            try FileSystem.remove(target.parent / (target.name + suffix))
        }
        try FileSystem.syncFolder(target.parent)
        try FileSystem.rename(draft, to: target)
        try FileSystem.syncFolder(target.parent)
    }

    private func write(_ body: (Database) throws -> Void) throws {
        guard let database else { throw Failure(.internal, "\(target) is finished") }
        try Self.naming(target) { try database.write(body) }
    }

    private static func naming<Value>(_ path: HostPath, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw Failure(.inputOutput, "cannot write \(path): \(error.message ?? "\(error)")")
        }
    }
}

extension ResultTable.Kind {
    fileprivate var sql: String {
        switch self {
        case .text: "TEXT"
        case .integer, .boolean: "INTEGER"
        case .number: "REAL"
        }
    }
}

extension ResultTable.Cell {
    fileprivate var value: DatabaseValue {
        switch self {
        case .text(let text): text.databaseValue
        case .integer(let number): number.databaseValue
        case .number(let number): number.databaseValue
        }
    }
}
