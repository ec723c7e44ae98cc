/// What a table's columns are, and where they are written to.
public struct ResultTable: Sendable, Codable, Hashable {
    /// What the cells of a column hold.
    public enum Kind: String, Sendable, Codable {
        /// Text. Addresses are text, too, in hexadecimal: no integer of SQLite's or of pandas' holds all of them.
        case text
        /// A whole number that 64 bits with a sign hold.
        case integer
        /// A number with a fraction.
        case number
        /// Yes or no, as 1 or 0.
        case boolean
    }

    /// A column.
    public struct Column: Sendable, Codable, Hashable {
        /// Its name, of `a-z 0-9 _`.
        public let name: String
        /// What its cells hold.
        public let kind: Kind
        /// What that means, in a sentence.
        public let summary: String

        /// Describes a column.
        public init(_ name: String, _ kind: Kind, _ summary: String) {
            self.name = name
            self.kind = kind
            self.summary = summary
        }
    }

    /// A cell; nothing where nobody knows.
    public enum Cell: Sendable, Hashable {
        /// Text.
        case text(String)
        /// A whole number, or yes and no.
        case integer(Int64)
        /// A number.
        case number(Double)

        /// A count or a time; one that 64 bits with a sign do not hold becomes the greatest that they do.
        public static func count(_ value: some BinaryInteger) -> Cell { .integer(Int64(clamping: value)) }
        /// Yes or no.
        public static func boolean(_ value: Bool) -> Cell { .integer(value ? 1 : 0) }
        /// An address, such as `0xffffffff81c00ef0`.
        public static func address(_ value: UInt64) -> Cell { .text("0x" + String(value, radix: 16)) }
    }

    /// Its name, of `a-z 0-9 _`.
    public let name: String
    /// What a row tells of, in a sentence.
    public let summary: String
    /// Its columns.
    public let columns: [Column]

    /// Describes a table.
    public init(_ name: String, _ summary: String, _ columns: [Column]) {
        self.name = name
        self.summary = summary
        self.columns = columns
    }

    /// Whether the names can be names of files and of SQL.
    public var isSound: Bool {
        ([name] + columns.map(\.name)).allSatisfy { $0.wholeMatch(of: /[a-z][a-z0-9_]{0,60}/) != nil }
            && Set(columns.map(\.name)).count == columns.count && !columns.isEmpty
    }
}
