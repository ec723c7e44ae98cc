import Foundation
import HostSupport

extension String {
    /// Whether it is a DOI by itself, such as `10.5281/zenodo.3759652`.
    var isDOI: Bool { wholeMatch(of: /10\.\d{4,9}\/[!-~]+/) != nil }

    /// Whether it is an address of http or https with a host, and nothing that would have to be quoted.
    var isWebAddress: Bool {
        guard wholeMatch(of: /https?:\/\/[!-~]+/) != nil, !contains(where: { "\"<>\\^`{|}".contains($0) }),
            let components = URLComponents(string: self)
        else { return false }
        return components.host?.isEmpty == false && components.user == nil && components.password == nil
    }

    /// Whether it is a day of the calendar, such as `2026-11-26`.
    var isDay: Bool {
        guard wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil,
            let date = JSONText.time("\(self)T00:00:00.000Z")
        else { return false }
        return date.dayText == self
    }

    /// Whether it is a line of text: not blank, and without what no file should hold unquoted.
    var isPlainLine: Bool {
        !trimmingCharacters(in: .whitespaces).isEmpty && Console.printable(self) == self
            && !unicodeScalars.contains { ["\u{2028}", "\u{2029}"].contains($0) }
    }

    /// Whether it is one or more lines of text.
    var isPlainText: Bool {
        !trimmingCharacters(in: .whitespacesAndNewlines).isEmpty
            && split(separator: "\n").allSatisfy { line in
                line.allSatisfy(\.isWhitespace) || String(line).isPlainLine
            }
    }
}

extension Date {
    /// The day, as `2026-11-26`, in UTC.
    var dayText: String { String(JSONText.timeText(self).prefix(10)) }
}
