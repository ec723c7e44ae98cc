public import Foundation

extension Date {
    /// Reads a time as people write it: `2026-11-26`, `2026-11-26T12:00:00Z`, or how long ago it was: `2h`, `3d`.
    ///
    /// Nothing is returned where the text is none of these.
    public init?(moment text: String, now: Date) {
        let styles = [true, false].map { ISO8601FormatStyle(includingFractionalSeconds: $0) }
        let day = ISO8601FormatStyle().year().month().day()
        if let date = (styles + [day]).lazy.compactMap({ try? Date(text, strategy: $0) }).first {
            self = date
        } else if let span = TimeSpan(text), text.last?.isLetter == true {
            self = now.addingTimeInterval(-span.duration.seconds)
        } else {
            return nil
        }
    }
}
