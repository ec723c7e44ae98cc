import HostSupport

/// A value of BEP 3's encoding: what the files of torrents consist of.
indirect enum Bencode: Hashable, Sendable {
    case integer(Int64)
    case bytes([UInt8])
    case list([Bencode])
    case dictionary([String: Bencode])

    var integerValue: Int64? { if case .integer(let number) = self { number } else { nil } }
    var bytesValue: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
    var listValue: [Bencode]? { if case .list(let elements) = self { elements } else { nil } }

    /// The text of bytes; nothing where they are no UTF-8.
    var textValue: String? { bytesValue.flatMap { String(validating: $0, as: UTF8.self) } }

    subscript(key: String) -> Bencode? {
        if case .dictionary(let members) = self { members[key] } else { nil }
    }
}

/// Reads BEP 3's encoding from bytes that may be anybody's: in its one canonical form only, and no deeper than a torrent
/// is.
struct BencodeReader {
    private static let deepest = 12

    private let bytes: [UInt8]
    private var position = 0
    /// Where the value of the key `info` stands in the outermost dictionary.
    private(set) var information: Range<Int>?

    /// Reads a value that takes up all of the bytes.
    ///
    /// - Parameter bytes: The bytes.
    /// - Returns: The value, and where the value of the outermost `info` stands.
    /// - Throws: `Failure` with `badData`, naming the offset.
    static func read(_ bytes: [UInt8]) throws -> (value: Bencode, information: Range<Int>?) {
        var reader = BencodeReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        guard reader.position == bytes.count else { throw reader.failure("something follows the value") }
        return (value, reader.information)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func failure(_ text: String) -> Failure { Failure(.badData, "\(text), at byte \(position)") }

    private func peek() throws -> UInt8 {
        guard position < bytes.count else { throw failure("it ends within a value") }
        return bytes[position]
    }

    private mutating func value(depth: Int) throws -> Bencode {
        guard depth < Self.deepest else { throw failure("values are nested too deeply") }
        switch try peek() {
        case UInt8(ascii: "i"):
            position += 1
            return .integer(try number(until: UInt8(ascii: "e"), isSigned: true))
        case UInt8(ascii: "l"):
            position += 1
            var elements: [Bencode] = []
            while try peek() != UInt8(ascii: "e") { elements.append(try value(depth: depth + 1)) }
            position += 1
            return .list(elements)
        case UInt8(ascii: "d"):
            position += 1
            return .dictionary(try members(depth: depth))
        default:
            return .bytes(try string())
        }
    }

    private mutating func members(depth: Int) throws -> [String: Bencode] {
        var members: [String: Bencode] = [:]
        var last: [UInt8]?
        while try peek() != UInt8(ascii: "e") {
            let key = try string()
            if let last, !last.lexicographicallyPrecedes(key) { throw failure("keys are not in their order") }
            last = key
            guard let name = String(validating: key, as: UTF8.self) else { throw failure("a key is no text") }
            let start = position
            members[name] = try value(depth: depth + 1)
            if depth == 0, name == "info" { information = start..<position }
        }
        position += 1
        return members
    }

    private mutating func string() throws -> [UInt8] {
        let count = try number(until: UInt8(ascii: ":"), isSigned: false)
        guard count <= Int64(bytes.count - position) else {
            throw failure("a string is longer than the file")
        }
        defer { position += Int(count) }
        return Array(bytes[position..<position + Int(count)])
    }

    /// Reads digits: no sign but that of a negative number, and no zero before another digit.
    private mutating func number(until end: UInt8, isSigned: Bool) throws -> Int64 {
        let digits = bytes[position...].prefix(20).prefix { $0 != end }
        let text = String(decoding: digits, as: UTF8.self)
        guard position + digits.count < bytes.count, bytes[position + digits.count] == end,
            let number = Int64(text), "\(number)" == text, isSigned || number >= 0
        else { throw failure("a number is wrong") }
        position += digits.count + 1
        return number
    }
}
