/// A value of a message in a log of PANDA's.
public enum PandalogValue: Hashable, Sendable {
    /// A whole number without a sign.
    case unsigned(UInt64)
    /// A whole number with one.
    case signed(Int64)
    /// Yes or no.
    case boolean(Bool)
    /// A number.
    case number(Double)
    /// Text; bytes that are not UTF-8 have become U+FFFD.
    case text(String)
    /// Bytes.
    case bytes([UInt8])
    /// A message.
    case message(PandalogMessage)
    /// The values of a field that may be there several times.
    case list([PandalogValue])
}

/// A message in a log of PANDA's: its fields by their names, in the order in which they were met.
///
/// A field that the schema does not know is called `field_NUMBER`.
public struct PandalogMessage: Hashable, Sendable {
    /// The fields.
    public private(set) var fields: [(name: String, value: PandalogValue)] = []

    /// A message without fields.
    public init() {}

    /// The value of a field; nothing where it is not there.
    public subscript(_ name: String) -> PandalogValue? { fields.first { $0.name == name }?.value }

    /// The messages of a field that may be there several times.
    public func messages(_ name: String) -> [PandalogMessage] {
        guard case .list(let values) = self[name] else { return [] }
        return values.compactMap { if case .message(let message) = $0 { message } else { nil } }
    }

    /// The message of a field.
    public func message(_ name: String) -> PandalogMessage? {
        if case .message(let message) = self[name] { message } else { nil }
    }

    /// The number of a field that has no negative ones.
    public func unsigned(_ name: String) -> UInt64? {
        switch self[name] {
        case .unsigned(let value): value
        case .signed(let value): UInt64(exactly: value)
        default: nil
        }
    }

    /// The number of a field.
    public func signed(_ name: String) -> Int64? {
        switch self[name] {
        case .unsigned(let value): Int64(exactly: value)
        case .signed(let value): value
        default: nil
        }
    }

    /// The text of a field.
    public func text(_ name: String) -> String? {
        switch self[name] {
        case .text(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        default: nil
        }
    }

    /// Adds a value, of which a field that is there once keeps the last, as protobuf says.
    mutating func add(_ value: PandalogValue, to name: String, isRepeated: Bool) {
        if isRepeated {
            add([value], to: name)
        } else if let place = fields.firstIndex(where: { $0.name == name }) {
            fields[place].value = value
        } else {
            fields.append((name, value))
        }
    }

    /// Adds values of a field that may be there several times.
    mutating func add(_ values: [PandalogValue], to name: String) {
        guard let place = fields.firstIndex(where: { $0.name == name }),
            case .list(var before) = fields[place].value
        else { return fields.append((name, .list(values))) }
        // Let go of first, so that it grows where it lies.
        fields[place].value = .boolean(false)
        before += values
        fields[place].value = .list(before)
    }

    /// Whether two messages have the same fields in the same order.
    public static func == (left: PandalogMessage, right: PandalogMessage) -> Bool {
        left.fields.count == right.fields.count
            && zip(left.fields, right.fields).allSatisfy { $0.name == $1.name && $0.value == $1.value }
    }

    /// Hashes the fields.
    public func hash(into hasher: inout Hasher) {
        for field in fields {
            hasher.combine(field.name)
            hasher.combine(field.value)
        }
    }
}

/// An entry of a log of PANDA's.
public struct PandalogEntry: Hashable, Sendable {
    /// Its number in the log, counted from 0.
    public let number: Int
    /// The guest's program counter.
    public let counter: UInt64
    /// When it was written, in guest instructions.
    public let instruction: UInt64
    /// All of its fields but `pc` and `instr`.
    public let fields: PandalogMessage

    /// What it tells of: the name of its first message, such as `syscall`; `entry` where it has none.
    public var kind: String {
        fields.fields.first { if case .message = $0.value { true } else { false } }?.name ?? "entry"
    }
}
