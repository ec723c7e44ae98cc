extension JSONValue: Codable {
    /// Decodes any JSON value.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let elements = try? decoder.unkeyedContainer() {
            self = .array(try Self.decode(elements))
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    // Opening the container tells a list from an object. To try a whole `[JSONValue]` and fall back
    // would decode each level twice: a nest of 500 lists around bad data would take 2^500 steps.
    private static func decode(_ elements: any UnkeyedDecodingContainer) throws -> [JSONValue] {
        var elements = elements
        var values: [JSONValue] = []
        while !elements.isAtEnd {
            values.append(try elements.decode(JSONValue.self))
        }
        return values
    }

    /// Encodes the value as what it is in JSON.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let elements): try container.encode(elements)
        case .object(let members): try container.encode(members)
        }
    }
}
