public import Foundation

/// How PANDAcap writes and reads JSON everywhere: sorted keys, indented, ISO 8601 times with milliseconds.
public enum JSONText {
    /// The bytes of `value` as JSON, with a line feed at the end.
    ///
    /// - Parameters:
    ///   - value: What to write.
    ///   - isLine: Whether it is to be on one line, as in a file of JSON lines.
    /// - Returns: UTF-8 text.
    /// - Throws: `EncodingError` where a value has no JSON form.
    public static func encode(_ value: some Encodable, isLine: Bool = false) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if !isLine { encoder.outputFormatting.insert(.prettyPrinted) }
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(timeText(date))
        }
        var data = try encoder.encode(value)
        data.append(UInt8(ascii: "\n"))
        return data
    }

    /// Reads a value from JSON.
    ///
    /// - Parameters:
    ///   - type: The type to read.
    ///   - data: UTF-8 text.
    ///   - source: What the text is, for the error's message: a path, say.
    /// - Returns: The value.
    /// - Throws: ``Failure`` with ``Failure/Code/badData``, naming the key that is at fault.
    public static func decode<Value: Decodable>(
        _ type: Value.Type,
        from data: Data,
        source: String
    ) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let date = time(text) else {
                throw DecodingError.dataCorruptedError(
                    in: container,
                    debugDescription: "'\(text)' is not an ISO 8601 time"
                )
            }
            return date
        }
        do {
            return try decoder.decode(type, from: data)
        } catch let error as DecodingError {
            throw Failure(.badData, "\(source): \(error.explanation)")
        }
    }

    /// The escape of a character that terminals act on, or some readers end a line at.
    ///
    /// - Parameter scalar: A character of a string.
    /// - Returns: Four hexadecimal digits behind `\u`; nothing of a character that may stand as it is.
    public static func escape(_ scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0..<0x20, 0x7f...0x9f, 0x2028, 0x2029: "\\u" + scalar.value.digits(4, radix: 16)
        default: nil
        }
    }

    /// A time as every file of ours has it: `2026-11-26T02:50:08.123Z`, which sorts as text.
    public static func timeText(_ date: Date) -> String {
        // The style cuts what is below a millisecond, and few whole milliseconds are exact as seconds: a time that is
        // read and written again must stay the same.
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
        return Date(timeIntervalSince1970: (milliseconds + 0.25) / 1000).formatted(timeStyle)
    }

    /// The time of a text that ``timeText(_:)`` made; nothing where it is none.
    public static func time(_ text: String) -> Date? { try? Date(text, strategy: timeStyle) }

    private static let timeStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}

extension DecodingError {
    /// What is wrong and at which key, in one sentence.
    public var explanation: String {
        func place(_ context: Context) -> String {
            let path = context.codingPath.map { key in
                key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)"
            }.joined()
            return path.isEmpty ? "at the top" : "at \(path.drop { $0 == "." })"
        }
        return switch self {
        case .keyNotFound(let key, let context):
            "the key '\(key.stringValue)' is missing \(place(context))"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            "\(context.debugDescription) \(place(context))"
        @unknown default:
            "\(self)"
        }
    }
}
