import Foundation

/// Times as the tables have them: `2026-11-26T02:50:08.123Z`, which sorts as text.
enum CatalogueTime {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    static func text(_ date: Date) -> String {
        // The style cuts what is below a millisecond, and few whole milliseconds are exact as seconds.
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
        return Date(timeIntervalSince1970: (milliseconds + 0.25) / 1000).formatted(style)
    }

    static func date(_ text: String) -> Date? { try? Date(text, strategy: style) }
}
