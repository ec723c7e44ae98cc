import Foundation
import HostSupport

/// A guide in Markdown, as far as the tests look at it.
struct Guide: Sendable {
    /// A line of the guide that a reader would type.
    struct Command: Sendable {
        /// What stands behind the prompt.
        let text: String
        /// Where it stands, for messages.
        let place: String
        /// The code that it exits with: 0, or what the comment `# exits with N` behind it says.
        let exitCode: Int32
    }

    /// The file's path below the source tree.
    let name: String
    private let lines: [String]

    /// The guides of the source tree.
    static var all: [Guide] {
        get throws {
            let root = try Installation.locate().root
            let guides = FileSystem.list(root / "docs").filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
            return try (["README.md", "guest/README.md"] + guides).map { name in
                let text = try FileSystem.readText(root / name)
                return Guide(
                    name: name,
                    lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                )
            }
        }
    }

    /// The commands of the blocks marked `console`; what a person has to do stands in blocks marked `text`.
    var commands: [Command] {
        blockLines(marked: "console").filter { $0.text.hasPrefix("$ ") }.map { number, text in
            Command(
                text: String(text.dropFirst(2)),
                place: "\(name):\(number)",
                exitCode: text.firstMatch(of: /# exits with (\d+)$/).flatMap { Int32($0.1) } ?? 0
            )
        }
    }

    /// Where links without a scheme lead, relative to the guide, without the part behind `#`.
    var links: [String] {
        prose.flatMap { $0.matches(of: /\]\(([^)]+)\)/) }
            .map { String($0.1.prefix { $0 != "#" }) }
            .filter { !$0.isEmpty && !$0.contains("://") }
    }

    /// Options that the guide says `pandacap` has: in commands, and alone in code within the text.
    var options: Set<String> {
        let typed = (blockLines(marked: "console") + blockLines(marked: "text")).map(\.text)
            .filter { $0.hasPrefix("$ pandacap ") }
            .map { $0.components(separatedBy: " -- ")[0] }
        let quoted = prose.flatMap { $0.matches(of: /`((?:--|-|pandacap )[^`]*)`/) }.map { String($0.1) }
            .filter { $0.hasPrefix("--") || $0.hasPrefix("pandacap ") }
        let words = (typed + quoted).flatMap { $0.split(separator: " ") }.map(String.init)
        return Set(words.filter { $0.wholeMatch(of: /--[a-z][a-z-]*/) != nil })
    }

    /// Subcommands that the guide mentions, such as `image build`.
    var subcommands: Set<String> {
        let all = prose + blockLines(marked: "console").map(\.text) + blockLines(marked: "text").map(\.text)
        return Set(
            all.flatMap { $0.matches(of: /(?:`|\$ )pandacap ([a-z]+)(?: ([a-z]+)\b)?/) }.map { match in
                [
                    "engine", "image", "bootstrap", "config", "container", "trace", "fleet", "campaign",
                    "runs",
                    "catalog", "dataset",
                ].contains(match.1)
                    && match.2 != nil
                    ? "\(match.1) \(match.2 ?? "")" : String(match.1)
            }
        )
    }

    private var prose: [String] {
        var isCode = false
        return lines.filter { line in
            if line.hasPrefix("```") { isCode.toggle() }
            return !isCode
        }
    }

    private func blockLines(marked language: String) -> [(number: Int, text: String)] {
        var current: String?
        var found: [(Int, String)] = []
        for (index, line) in lines.enumerated() {
            if line.hasPrefix("```") {
                current = current == nil ? String(line.dropFirst(3)) : nil
            } else if current == language {
                found.append((index + 1, line))
            }
        }
        return found
    }
}
