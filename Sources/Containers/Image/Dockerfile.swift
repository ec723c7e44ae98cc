import HostSupport

/// The text that the builder reads, and what its variables hold.
///
/// A label whose text a builder would read otherwise than it stands there (quotes, dollar signs, backslashes, line feeds)
/// takes it from a build argument, which is put in its place and not read again.
struct Dockerfile: Sendable {
    /// A part of it that the builder keeps and uses again.
    struct Layer: Sendable, Hashable {
        /// What it is called in reports.
        let name: String
        /// Its instructions.
        let instructions: [String]
    }

    /// The image that it starts from.
    let base: String
    /// The layers, from the ground up.
    let layers: [Layer]
    /// What the image says of itself.
    let labels: [(key: String, value: String)]
    /// What holds for containers; it makes no layer.
    let settings: [String]

    /// The text.
    var text: String {
        let parts = layers.map { "# \($0.name)\n" + $0.instructions.joined(separator: "\n") }
        let odd = oddLabels
        let lines = labels.map { label in
            let index = odd.firstIndex { $0.key == label.key }
            return "\(label.key)=\"\(index.map { "$\(Self.argument($0))" } ?? label.value)\""
        }
        let last =
            settings + odd.indices.map { "ARG \(Self.argument($0))" }
            + (lines.isEmpty ? [] : ["LABEL " + lines.joined(separator: " \\\n    ")])
        return (["FROM \(base)"] + parts + [last.joined(separator: "\n")]).joined(separator: "\n\n") + "\n"
    }

    /// The values of the text's variables, as words `NAME=VALUE`.
    var arguments: [String] {
        oddLabels.enumerated().map { "\(Self.argument($0))=\($1.value)" }
    }

    private var oddLabels: [(key: String, value: String)] {
        labels.filter { $0.value.wholeMatch(of: /[ !#%-\[\]-~]*/) == nil }
    }

    private static func argument(_ index: Int) -> String { "LABEL_\(index + 1)" }

    /// An instruction that runs commands one after the other, until one fails.
    static func run(_ commands: [String]) -> String {
        "RUN " + commands.joined(separator: " && \\\n    ")
    }
}
