/// A JSON value: what the standards' files are built of, and what is looked at in files that may be anybody's.
enum JSON: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case array([JSON])
    case object([String: JSON])

    /// The text of an optional; left out of objects where there is none.
    static func text(_ value: String?) -> JSON? { value.map { .text($0) } }

    /// A whole number; one that 63 bits do not hold becomes the largest.
    static func count(_ value: UInt64) -> JSON { .integer(Int64(clamping: value)) }

    /// An array of texts; nothing where there are none.
    static func texts(_ values: [String]?) -> JSON? { list((values ?? []).map { .text($0) }) }

    /// An array; nothing where it would be empty.
    static func list(_ values: [JSON]) -> JSON? { values.isEmpty ? nil : .array(values) }

    /// An array of one element; nothing where there is none.
    static func one(_ value: JSON?) -> JSON? { value.map { .array([$0]) } }

    /// An object of those of its values that are there.
    static func object(of values: [String: JSON?]) -> JSON { .object(values.compactMapValues { $0 }) }

    subscript(key: String) -> JSON? { if case .object(let members) = self { members[key] } else { nil } }

    var textValue: String? { if case .text(let text) = self { text } else { nil } }
    var integerValue: Int64? { if case .integer(let number) = self { number } else { nil } }
    var arrayValue: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
    var objectValue: [String: JSON]? { if case .object(let members) = self { members } else { nil } }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(arrayLiteral elements: JSON...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}

extension JSON: Codable {
    init(from decoder: any Decoder) throws {
        // Most values are texts, and each attempt at another type costs an error.
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self = .text(text)
        } else if let keyed = try? decoder.container(keyedBy: Name.self) {
            var members: [String: JSON] = [:]
            for key in keyed.allKeys { members[key.stringValue] = try keyed.decode(JSON.self, forKey: key) }
            self = .object(members)
        } else if var list = try? decoder.unkeyedContainer() {
            var elements: [JSON] = []
            while !list.isAtEnd { elements.append(try list.decode(JSON.self)) }
            self = .array(elements)
        } else {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .null
            } else if let boolean = try? value.decode(Bool.self) {
                self = .boolean(boolean)
            } else if let integer = try? value.decode(Int64.self) {
                self = .integer(integer)
            } else {
                self = .number(try value.decode(Double.self))
            }
        }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let members):
            var container = encoder.container(keyedBy: Name.self)
            for (key, value) in members { try container.encode(value, forKey: Name(stringValue: key)) }
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .boolean(let value): try Self.single(value, encoder)
        case .integer(let value): try Self.single(value, encoder)
        case .number(let value): try Self.single(value, encoder)
        case .text(let value): try Self.single(value, encoder)
        }
    }

    private static func single(_ value: some Encodable, _ encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
