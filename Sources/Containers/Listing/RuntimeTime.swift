import Foundation

/// A time as Docker and Podman write it: ISO 8601 with any number of digits behind the seconds.
struct RuntimeTime: Sendable, Decodable {
    /// The time; nothing where it says that there was none yet.
    let date: Date?

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let time = Self.parse(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is not an ISO 8601 time")
            )
        }
        // What has not happened is said to have happened in the year 1; images without a time have the year 1970.
        date = time.timeIntervalSince1970 > 0 ? time : nil
    }

    static func parse(_ text: String) -> Date? {
        guard let parts = text.wholeMatch(of: /([0-9T:-]{19})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})/),
            let whole = try? Date(String(parts.1) + String(parts.3), strategy: .iso8601)
        else { return nil }
        return whole + (parts.2.flatMap { Double("0\($0)") } ?? 0)
    }
}
