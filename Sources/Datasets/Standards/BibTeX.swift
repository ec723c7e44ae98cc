import Foundation

/// How a dataset is cited in LaTeX.
enum BibTeX {
    /// An entry that every style of BibTeX's knows.
    static func entry(_ source: MetadataSource) -> String {
        let about = source.description
        let fields: [(String, String?)] = [
            ("author", about.authors.map(author).joined(separator: " and ")),
            ("title", "{" + escaped(source.title) + "}"),
            ("year", source.year),
            ("month", String(source.day.dropFirst(5).prefix(2))),
            ("publisher", escaped(about.publisherText)),
            ("version", escaped(about.versionText)),
            ("doi", about.doi),
            ("url", about.address),
            ("note", "Data set"),
        ]
        let lines = fields.compactMap { name, value in value.map { "  \(name) = {\($0)}" } }
        return "@misc{\(key(source)),\n" + lines.joined(separator: ",\n") + "\n}\n"
    }

    private static func author(_ author: DatasetAuthor) -> String {
        // Braces keep an organisation's name from being taken apart.
        author.isPerson ? escaped(author.listedName) : "{" + escaped(author.spokenName) + "}"
    }

    private static func key(_ source: MetadataSource) -> String {
        let letters = source.index.name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        return "\(letters.isEmpty ? "dataset" : letters)-\(source.year)"
    }

    /// The text with what means something to LaTeX written so that it does not.
    static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "\\": "\\textbackslash{}"
            case "~": "\\textasciitilde{}"
            case "^": "\\textasciicircum{}"
            case "&", "%", "$", "#", "_", "{", "}": "\\\(character)"
            default: String(character)
            }
        }.joined()
    }
}
