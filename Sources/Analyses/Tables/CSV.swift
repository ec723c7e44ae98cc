import Foundation
import HostSupport
import RunRecords

/// Tables as text, RFC 4180.
///
/// A cell that nobody knows is empty, and an empty text is `""`.
enum CSV {
    /// A line with its end.
    static func line(_ cells: [ResultTable.Cell?]) -> String {
        cells.map(field).joined(separator: ",") + "\r\n"
    }

    private static func field(_ cell: ResultTable.Cell?) -> String {
        switch cell {
        case nil: return ""
        case .integer(let number): return "\(number)"
        case .number(let number): return number.isFinite ? "\(number)" : ""
        case .text(let text):
            let isPlain =
                !text.isEmpty
                && text.utf8.allSatisfy { $0 != 0x22 && $0 != 0x2c && $0 != 0x0d && $0 != 0x0a }
            return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
        }
    }
}

/// Reads a table that ``CSV`` wrote, row by row.
struct CSVReader {
    private static let pieceBytes = 1 << 16
    private static let longestRow = 128 << 20

    private let path: HostPath
    private let table: ResultTable
    private let file: FileHandle
    private var bytes: [UInt8] = []
    private var place = 0
    private var isAtEnd = false
    private var row = 0

    /// Opens a table and reads the line of its columns' names.
    init(_ path: HostPath, of table: ResultTable) throws {
        guard FileSystem.isRegularFile(path), let file = FileHandle(forReadingAtPath: path.string) else {
            throw Failure(.inputOutput, "\(path) cannot be read")
        }
        self.path = path
        self.table = table
        self.file = file
        guard let names = try fields(), names.map(\.text) == table.columns.map(\.name) else {
            throw Failure(.badData, "\(path) does not have the columns that its manifest names")
        }
    }

    /// The next row; nothing at the end.
    mutating func next() throws -> [ResultTable.Cell?]? {
        guard let fields = try fields() else { return nil }
        row += 1
        guard fields.count == table.columns.count else {
            throw Failure(
                .badData,
                "\(path), row \(row): \(fields.count) cells instead of \(table.columns.count)"
            )
        }
        return try zip(fields, table.columns).map { field, column in
            guard field.isQuoted || !field.text.isEmpty else { return nil }
            let cell: ResultTable.Cell? =
                switch column.kind {
                case .text: .text(field.text)
                case .integer, .boolean: Int64(field.text).map { .integer($0) }
                case .number: Double(field.text).map { .number($0) }
                }
            guard let cell else {
                throw Failure(.badData, "\(path), row \(row): '\(column.name)' is no \(column.kind.rawValue)")
            }
            return cell
        }
    }

    private struct Field {
        var bytes: [UInt8] = []
        var isQuoted = false
        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    private mutating func byte() throws -> UInt8? {
        if place == bytes.count, !isAtEnd {
            let data = try file.read(upToCount: Self.pieceBytes) ?? Data()
            bytes = Array(data)
            place = 0
            isAtEnd = bytes.isEmpty
        }
        guard place < bytes.count else { return nil }
        defer { place += 1 }
        return bytes[place]
    }

    private mutating func fields() throws -> [Field]? {
        var fields: [Field] = []
        var field = Field()
        var isInside = false
        var count = 0
        guard var byte = try byte() else { return nil }
        while true {
            count += 1
            guard count <= Self.longestRow else {
                throw Failure(.badData, "\(path), row \(row + 1) is too long")
            }
            if isInside {
                if byte != 0x22 {
                    field.bytes.append(byte)
                } else {
                    let next = try self.byte()
                    guard next == 0x22 else {
                        isInside = false
                        guard let next else { break }
                        byte = next
                        continue
                    }
                    field.bytes.append(0x22)
                }
            } else {
                switch byte {
                case 0x22:
                    isInside = true
                    field.isQuoted = true
                case 0x2c:
                    fields.append(field)
                    field = Field()
                case 0x0d: break
                case 0x0a: return fields + [field]
                default: field.bytes.append(byte)
                }
            }
            guard let next = try self.byte() else { break }
            byte = next
        }
        guard !isInside else { throw Failure(.badData, "\(path) is cut in row \(row + 1)") }
        return fields + [field]
    }
}
