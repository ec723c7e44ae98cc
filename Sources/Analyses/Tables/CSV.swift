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
    private static let pieceBytes = 1 << 20
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
        var text: String
        var isQuoted = false
    }

    private mutating func fields() throws -> [Field]? {
        while true {
            let found = bytes.withUnsafeBufferPointer { buffer in
                Self.row(UnsafeBufferPointer(rebasing: buffer[place...]), isWhole: isAtEnd)
            }
            if let found {
                place += found.used
                return found.fields
            }
            guard !isAtEnd else {
                guard place < bytes.count else { return nil }
                throw Failure(.badData, "\(path) is cut in row \(row + 1)")
            }
            bytes.removeSubrange(..<place)
            place = 0
            guard bytes.count <= Self.longestRow else {
                throw Failure(.badData, "\(path), row \(row + 1) is too long")
            }
            guard Interrupts.count == 0 else { throw Failure(.interrupted, "interrupted") }
            let piece = try file.read(upToCount: max(Self.pieceBytes, bytes.count)) ?? Data()
            bytes += piece
            isAtEnd = piece.isEmpty
        }
    }

    /// The row that bytes begin with, and how many it takes; nothing where there is no whole one.
    private static func row(
        _ bytes: UnsafeBufferPointer<UInt8>,
        isWhole: Bool
    ) -> (fields: [Field], used: Int)? {
        var fields: [Field] = []
        var place = 0
        guard !bytes.isEmpty else { return nil }
        while true {
            var field = Field(text: "")
            if place < bytes.count, bytes[place] == 0x22 {
                field.isQuoted = true
                var content: [UInt8] = []
                place += 1
                while true {
                    guard let end = bytes[place...].firstIndex(of: 0x22) else { return nil }
                    content += bytes[place..<end]
                    place = end + 1
                    // Another piece may begin with the second of two.
                    guard place < bytes.count || isWhole else { return nil }
                    guard place < bytes.count, bytes[place] == 0x22 else { break }
                    content.append(0x22)
                    place += 1
                }
                field.text = String(decoding: content, as: UTF8.self)
            } else {
                let start = place
                while place < bytes.count, bytes[place] != 0x2c, bytes[place] != 0x0d, bytes[place] != 0x0a {
                    place += 1
                }
                field.text = String(decoding: bytes[start..<place], as: UTF8.self)
            }
            fields.append(field)
            guard place < bytes.count else { return isWhole ? (fields, place) : nil }
            switch bytes[place] {
            case 0x2c: place += 1
            case 0x0a: return (fields, place + 1)
            case 0x0d:
                guard place + 1 < bytes.count || isWhole else { return nil }
                if place + 1 == bytes.count || bytes[place + 1] == 0x0a {
                    return (fields, min(place + 2, bytes.count))
                }
                place += 1
            // What follows a closing quote and is no comma makes the row one cell too long.
            default: fields.append(Field(text: ""))
            }
        }
    }
}
