import Foundation
import HostSupport

/// How numbers, sizes and times are written on pages.
enum Words {
    /// A count with its digits in groups: `100,000`.
    static func count(_ number: some BinaryInteger) -> String {
        let digits = Array(number.magnitude.description)
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }

    /// A size; a dash where it is not known.
    static func size(_ bytes: UInt64?) -> String { bytes.map { "\(ByteSize(bytes: $0))" } ?? "–" }

    /// A length of time; a dash where it is not known.
    static func seconds(_ seconds: Double?) -> String {
        guard let seconds, seconds.isFinite, abs(seconds) < 1e12 else { return "–" }
        return Duration.seconds(max(0, seconds)).text
    }

    /// A time in UTC to the second, for people: `2026-11-26 03:18:03`.
    static func time(_ date: Date) -> String {
        String(JSONText.timeText(date).prefix(19)).replacing("T", with: " ")
    }

    /// A time of day in UTC to the millisecond.
    static func timeOfDay(_ date: Date) -> String {
        String(JSONText.timeText(date).dropFirst(11).dropLast())
    }

    /// How long ago something was, in one unit: `12 s`, `3 min`, `2 h`, `5 d`.
    static func age(of date: Date, at now: Date) -> String {
        let seconds = max(0, now.timeIntervalSince(date))
        return switch seconds {
        case ..<100: "\(Int(seconds)) s"
        case ..<6000: "\(Int(seconds / 60)) min"
        case ..<172_800: "\(Int(seconds / 3600)) h"
        default: "\(count(Int(min(seconds, 1e12) / 86400))) d"
        }
    }

    /// A number of things: `1 run`, `2 runs`.
    static func number(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(count(number)) \(number == 1 ? one : many ?? one + "s")"
    }
}
