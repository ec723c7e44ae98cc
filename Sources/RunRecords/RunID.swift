public import Foundation
import HostSupport

/// The name of a run, unique in its collection: it sorts by time and says what the run was of.
public struct RunID: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The name.
    public let description: String

    /// Makes a name from a time, a label such as an image's name, and four random digits.
    public init(label: String, at time: Date = Date()) {
        let stamp = time.formatted(
            Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
        )
        let digits = UInt16.random(in: .min ... .max).digits(4, radix: 16)
        description = "\(stamp)-\(safeFileName(label))-\(digits)"
    }

    /// Takes a name that the user chose.
    ///
    /// - Parameter name: The name.
    /// - Throws: ``HostSupport/Failure`` with `usage` where it is not fit for a folder's name.
    public init(named name: String) throws {
        guard name == safeFileName(name) else {
            throw Failure(
                .usage,
                "'\(name)' is no name for a run",
                hint: "use up to 100 of A-Z a-z 0-9 . _ -, not beginning with a dot or a hyphen"
            )
        }
        description = name
    }

    /// Decodes a name.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: `DecodingError` where it is no string, or one that cannot be a folder's name: a record may be anybody's.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        // A long label makes a name longer than one that a user may choose.
        guard name.utf8.count <= 200, safeFileName(name, limit: 200) == name else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(name)' is no name for a run"
            )
        }
        description = name
    }

    /// Encodes the name.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// A name from elsewhere, reduced to a file name: up to `limit` of `[A-Za-z0-9._-]`, without a leading dot or hyphen.
public func safeFileName(_ name: String, limit: Int = 100) -> String {
    var safe = ""
    for scalar in name.unicodeScalars.prefix(limit) {
        let isAllowed =
            scalar.isASCII
            && (scalar.properties.isAlphabetic || "0123456789._-".unicodeScalars.contains(scalar))
        let isLeadingMark = safe.isEmpty && (scalar == "." || scalar == "-")
        safe.unicodeScalars.append(isAllowed && !isLeadingMark ? scalar : "_")
    }
    return safe.isEmpty ? "_" : safe
}
