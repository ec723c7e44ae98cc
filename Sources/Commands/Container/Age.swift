import Foundation

extension Date {
    /// How long ago this was, in whole units: `12 s`, `5 min`, `3 h`, `40 d`.
    func age(at now: Date = Date()) -> String {
        let seconds = max(0, Int(now.timeIntervalSince(self)))
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: "\(seconds / 60) min"
        case ..<86_400: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
