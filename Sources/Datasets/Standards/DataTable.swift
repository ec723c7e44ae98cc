import HostSupport

/// A table of a dataset: its columns, and how each is filled from a row's value.
struct DataTable<Row>: Sendable {
    let name: String
    let columns: [DataColumn<Row>]
}

/// A column of a table.
struct DataColumn<Row>: Sendable {
    let name: String
    let kind: DataKind
    let summary: String
    let cell: @Sendable (Row) -> DataCell?

    init(_ name: String, _ kind: DataKind, _ summary: String, _ cell: @escaping @Sendable (Row) -> DataCell?)
    {
        self.name = name
        self.kind = kind
        self.summary = summary
        self.cell = cell
    }
}

/// What a column holds.
enum DataKind: Hashable, Sendable {
    case text, integer, number, boolean, time

    /// As Croissant calls it.
    var croissant: String {
        switch self {
        case .text: "sc:Text"
        case .integer: "sc:Integer"
        case .number: "sc:Float"
        case .boolean: "sc:Boolean"
        case .time: "sc:DateTime"
        }
    }

    /// As a Table Schema calls it.
    var tableSchema: String {
        switch self {
        case .text: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .time: "datetime"
        }
    }

    /// As SQLite calls it.
    var sql: String {
        switch self {
        case .text, .time: "TEXT"
        case .integer, .boolean: "INTEGER"
        case .number: "REAL"
        }
    }
}

/// What stands in a cell; nothing where nobody knows.
enum DataCell: Hashable, Sendable {
    case text(String)
    case integer(UInt64)
    case number(Double)
    case boolean(Bool)

    /// As a field of a CSV, RFC 4180: quoted where it has to be.
    var csv: String {
        switch self {
        case .text(let text):
            text.contains { "\",\r\n".contains($0) || $0 == "\r\n" }
                ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .boolean(let value): value ? "true" : "false"
        }
    }

    /// As a literal of SQL.
    ///
    /// Text is written in hexadecimal: then nothing in it can be taken for anything else.
    var sql: String {
        switch self {
        case .text(let text): "CAST(x'\(hexadecimal(text.utf8))' AS TEXT)"
        case .integer(let number): "\(Int64(clamping: number))"
        case .number(let number): number.isFinite ? "\(number)" : "NULL"
        case .boolean(let value): value ? "1" : "0"
        }
    }
}

extension DataTable {
    /// The table as CSV, RFC 4180: a line of names, and one for each row.
    func csv(_ rows: [Row]) -> String {
        let lines =
            [columns.map(\.name).joined(separator: ",")]
            + rows.map { row in columns.map { $0.cell(row)?.csv ?? "" }.joined(separator: ",") }
        return lines.map { $0 + "\r\n" }.joined()
    }

    /// The statements that make the table in SQLite.
    func sql(_ rows: [Row]) -> String {
        let types = columns.map { "\"\($0.name)\" \($0.kind.sql)" }.joined(separator: ", ")
        let lines =
            ["CREATE TABLE \"\(name)\" (\(types));"]
            + rows.map { row in
                let cells = columns.map { $0.cell(row)?.sql ?? "NULL" }.joined(separator: ", ")
                return "INSERT INTO \"\(name)\" VALUES (\(cells));"
            }
        return lines.map { $0 + "\n" }.joined()
    }
}
