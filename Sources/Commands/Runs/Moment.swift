import ArgumentParser
import Foundation
import HostSupport

/// A time on the command line: `2026-11-26`, `2026-11-26T12:00:00Z`, or how long ago it was: `2h`, `3d`.
struct Moment: ExpressibleByArgument, Sendable, Hashable {
    let date: Date

    init?(argument: String) { self.init(argument, now: Date()) }

    init?(_ text: String, now: Date) {
        guard let date = Date(moment: text, now: now) else { return nil }
        self.date = date
    }
}
