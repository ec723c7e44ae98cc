import ArgumentParser
import Foundation
import HostSupport

/// A time on the command line: `2026-11-26`, `2026-11-26T12:00:00Z`, or how long ago it was: `2h`, `3d`.
struct Moment: ExpressibleByArgument, Sendable, Hashable {
    let date: Date

    init?(argument: String) { self.init(argument, now: Date()) }

    init?(_ text: String, now: Date) {
        let styles = [true, false].map { Date.ISO8601FormatStyle(includingFractionalSeconds: $0) }
        let day = Date.ISO8601FormatStyle().year().month().day()
        if let date = (styles + [day]).lazy.compactMap({ try? Date(text, strategy: $0) }).first {
            self.date = date
        } else if let span = TimeSpan(text), text.last?.isLetter == true {
            date = now.addingTimeInterval(-span.duration.seconds)
        } else {
            return nil
        }
    }
}
