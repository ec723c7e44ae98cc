/// A length of time in a file or on a command line: `90`, `90s`, `30m`, `2h`, `3d`.
public struct TimeSpan: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The length.
    public let duration: Duration

    /// Wraps a length of time.
    public init(_ duration: Duration) {
        self.duration = duration
    }

    /// Reads a length such as `30m`; a number without a unit counts seconds.
    ///
    /// Nothing is returned where the text is none, or negative.
    public init?(_ text: String) {
        guard let duration = Duration(text: text) else { return nil }
        self.duration = duration
    }

    /// The length in seconds, as it is written.
    public var description: String { "\(duration.seconds)s" }

    /// Decodes a length from a string such as `30m`, or from a number of seconds.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: `DecodingError` where the value is no length of time.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let number = try? container.decode(Double.self)
        let text = try number.map { "\($0)" } ?? container.decode(String.self)
        guard let span = TimeSpan(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text)' is no length of time: write a number with s, m, h or d"
            )
        }
        self = span
    }

    /// Encodes the length as a number of seconds.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(duration.seconds)
    }
}
