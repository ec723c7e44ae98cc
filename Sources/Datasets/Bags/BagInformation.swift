import Foundation

/// The lines of `bag-info.txt`: names and values (RFC 8493, 2.2.2).
struct BagInformation: Hashable, Sendable {
    /// The values of each name, in their order.
    private(set) var values: [String: [String]] = [:]
    private let lines: [(String, String)]

    init(_ lines: [(String, String)]) {
        self.lines = lines
        for (name, value) in lines { values[name, default: []].append(value) }
    }

    /// The file's text; line ends within a value become spaces.
    var text: String {
        lines.map { name, value in
            let words = value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return "\(name): \(words)\n"
        }.joined()
    }

    /// Reads the file, which may be anybody's.
    init(_ text: String, problems: inout [String]) {
        var lines: [(String, String)] = []
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isLineEnd) {
            number += 1
            if line.allSatisfy(\.isWhitespace) { continue }
            if line.first == " " || line.first == "\t" {
                guard let last = lines.indices.last else {
                    problems.append("line \(number) continues nothing")
                    continue
                }
                lines[last].1 += " " + line.trimmingCharacters(in: .whitespaces)
            } else if let colon = line.firstIndex(of: ":"), colon != line.startIndex {
                lines.append(
                    (
                        line[..<colon].trimmingCharacters(in: .whitespaces),
                        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                    )
                )
            } else {
                problems.append("line \(number) has no name with a colon")
            }
        }
        self.init(lines)
    }

    static func == (left: BagInformation, right: BagInformation) -> Bool { left.values == right.values }

    func hash(into hasher: inout Hasher) { hasher.combine(values) }
}
