/// Reads messages of protobuf's wire format, of which nothing is believed but that it is inside its bytes.
struct MessageReader {
    /// Why bytes are no message: where, from their start, and what.
    struct Problem: Error {
        let offset: Int
        let message: String
    }

    /// PANDA's own messages go four deep, and structures of system calls some more.
    private static let deepest = 32
    /// More than any message has; each is looked for among those before.
    private static let mostFields = 256

    private let bytes: [UInt8]
    private let schema: PandalogSchema

    init(_ bytes: [UInt8], schema: PandalogSchema) {
        self.bytes = bytes
        self.schema = schema
    }

    /// Reads all of the bytes as a message.
    func read(_ name: String) throws(Problem) -> PandalogMessage {
        try message(name, 0..<bytes.count, depth: 0)
    }

    private func message(_ name: String, _ range: Range<Int>, depth: Int) throws(Problem) -> PandalogMessage {
        guard depth < Self.deepest else {
            throw Problem(offset: range.lowerBound, message: "messages in messages beyond \(Self.deepest)")
        }
        var message = PandalogMessage()
        var place = range.lowerBound
        while place < range.upperBound {
            let start = place
            let tag = try number(&place, range.upperBound)
            let (field, wire) = (tag >> 3, tag & 7)
            guard field > 0, field < 1 << 29 else {
                throw Problem(offset: start, message: "the field number \(field) is none")
            }
            let known = schema.messages[name]?[field]
            let value = try value(wire, known, &place, range.upperBound, start, depth)
            guard message.fields.count < Self.mostFields else {
                throw Problem(offset: start, message: "a message of more than \(Self.mostFields) fields")
            }
            let title = known?.name ?? "field_\(field)"
            switch value {
            case .list(let values) where known?.isRepeated == true: message.add(values, to: title)
            default: message.add(value, to: title, isRepeated: known?.isRepeated ?? false)
            }
        }
        return message
    }

    private func value(
        _ wire: UInt64,
        _ known: PandalogSchema.Field?,
        _ place: inout Int,
        _ end: Int,
        _ start: Int,
        _ depth: Int
    ) throws(Problem) -> PandalogValue {
        switch wire {
        case 0: return Self.scalar(try number(&place, end), known?.kind)
        case 1: return Self.fixed(try integer(8, &place, end), known?.kind, isDouble: true)
        case 5: return Self.fixed(try integer(4, &place, end), known?.kind, isDouble: false)
        case 2:
            let count = try number(&place, end)
            guard count <= UInt64(end - place) else {
                throw Problem(offset: start, message: "a field of \(count) bytes in \(end - place)")
            }
            let range = place..<place + Int(count)
            place = range.upperBound
            switch known?.kind {
            case .text: return .text(String(decoding: bytes[range], as: UTF8.self))
            case .message(let name): return .message(try message(name, range, depth: depth + 1))
            case .unsigned32, .unsigned64, .address, .signed, .boolean:
                return .list(try packed(range, known?.kind))
            default: return .bytes(Array(bytes[range]))
            }
        default:
            throw Problem(offset: start, message: "the wire type \(wire), which PANDA does not use")
        }
    }

    private func packed(_ range: Range<Int>, _ kind: PandalogSchema.Kind?) throws(Problem) -> [PandalogValue]
    {
        var values: [PandalogValue] = []
        var place = range.lowerBound
        while place < range.upperBound {
            values.append(Self.scalar(try number(&place, range.upperBound), kind))
        }
        return values
    }

    private func number(_ place: inout Int, _ end: Int) throws(Problem) -> UInt64 {
        var result: UInt64 = 0
        let start = place
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard place < end else { throw Problem(offset: start, message: "a number that is cut") }
            let byte = bytes[place]
            place += 1
            result |= shift < 64 ? UInt64(byte & 0x7f) << shift : 0
            if byte & 0x80 == 0 { return result }
        }
        throw Problem(offset: start, message: "a number of more than ten bytes")
    }

    private func integer(_ count: Int, _ place: inout Int, _ end: Int) throws(Problem) -> UInt64 {
        guard end - place >= count else { throw Problem(offset: place, message: "a number that is cut") }
        defer { place += count }
        return bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func scalar(_ value: UInt64, _ kind: PandalogSchema.Kind?) -> PandalogValue {
        switch kind {
        case .signed: .signed(Int64(bitPattern: value))
        case .boolean: .boolean(value != 0)
        default: .unsigned(value)
        }
    }

    private static func fixed(_ value: UInt64, _ kind: PandalogSchema.Kind?, isDouble: Bool) -> PandalogValue
    {
        switch kind {
        case .float where !isDouble: .number(Double(Float(bitPattern: UInt32(truncatingIfNeeded: value))))
        case .double where isDouble: .number(Double(bitPattern: value))
        default: .unsigned(value)
        }
    }
}
