import HostSupport

/// A file's permissions, written as people write them: `0755`.
public struct FileMode: Sendable, Hashable, CustomStringConvertible {
    /// The permission bits.
    public let bits: UInt32

    /// Creates a mode from its bits.
    public init(bits: UInt32) {
        self.bits = bits
    }

    /// Reads a mode of three or four octal digits; nothing is returned where the text is none.
    public init?(_ text: String) {
        guard (3...4).contains(text.utf8.count), let bits = UInt32(text, radix: 8) else { return nil }
        self.bits = bits
    }

    /// The mode as four octal digits.
    public var description: String { bits.digits(4, radix: 8) }
}

extension FileMode: Codable {
    /// Decodes a mode from octal digits.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: `DecodingError` where the value is no mode.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let mode = FileMode(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text)' is no file mode: write octal digits, such as 0755"
            )
        }
        self = mode
    }

    /// Encodes the mode as octal digits.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
