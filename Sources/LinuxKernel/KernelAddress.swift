/// An address in a kernel, or a value of that size; it is written as hexadecimal text, since few readers of JSON keep
/// 64 bits of a number.
public struct KernelAddress: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The address.
    public let value: UInt64

    /// Wraps an address.
    public init(_ value: UInt64) {
        self.value = value
    }

    /// The address in hexadecimal, after `0x`.
    public var description: String { "0x" + String(value, radix: 16) }

    /// Decodes an address from hexadecimal text.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: `DecodingError` where the text is none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard text.hasPrefix("0x"), let value = UInt64(text.dropFirst(2), radix: 16) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text)' is no hexadecimal address"
            )
        }
        self.value = value
    }

    /// Encodes the address as hexadecimal text.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
