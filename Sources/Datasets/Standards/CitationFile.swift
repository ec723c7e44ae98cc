import Foundation
import HostSupport

/// `CITATION.cff`: how to cite a dataset, Citation File Format 1.2.0.
///
/// Format: <https://github.com/citation-file-format/citation-file-format/blob/1.2.0/schema-guide.md>
struct CitationFile: Codable, Hashable {
    struct Author: Codable, Hashable {
        var familyNames: String?
        var givenNames: String?
        var name: String?
        var affiliation: String?
        var orcid: String?

        private enum CodingKeys: String, CodingKey {
            case familyNames = "family-names"
            case givenNames = "given-names"
            case name, affiliation, orcid
        }
    }

    static let name = "CITATION.cff"

    var cffVersion: String
    var message: String
    var type: String
    var title: String
    var version: String?
    var dateReleased: String?
    var authors: [Author]
    var abstract: String?
    var keywords: [String]?
    var license: String?
    var doi: String?
    var url: String?

    private enum CodingKeys: String, CodingKey {
        case cffVersion = "cff-version"
        case message, type, title, version
        case dateReleased = "date-released"
        case authors, abstract, keywords, license, doi, url
    }

    init(_ source: MetadataSource) {
        let about = source.description
        cffVersion = "1.2.0"
        message = "If you use this dataset, please cite it as below."
        type = "dataset"
        title = source.title
        version = about.versionText
        dateReleased = source.day
        authors = about.authors.map {
            Author(
                familyNames: $0.family,
                givenNames: $0.given,
                name: $0.name,
                affiliation: $0.affiliation,
                orcid: $0.orcidAddress
            )
        }
        abstract = source.abstract
        keywords = about.keywords
        license = source.licence?.identifier
        doi = about.doi
        url = about.url
    }

    /// The file's text.
    var yaml: String {
        get throws {
            let head: [(String, String?)] = [
                ("cff-version", cffVersion), ("message", message), ("type", type), ("title", title),
                ("version", version), ("date-released", dateReleased), ("license", license), ("doi", doi),
                ("url", url), ("abstract", abstract),
            ]
            var lines = try head.compactMap { key, value in try value.map { "\(key): \(try Self.quoted($0))" }
            }
            lines.append("authors:")
            for author in authors {
                let keys: [(String, String?)] = [
                    ("family-names", author.familyNames), ("given-names", author.givenNames),
                    ("name", author.name), ("affiliation", author.affiliation), ("orcid", author.orcid),
                ]
                let own = try keys.compactMap { key, value in
                    try value.map { "\(key): \(try Self.quoted($0))" }
                }
                lines += own.enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }
            }
            if let keywords, !keywords.isEmpty {
                lines.append("keywords:")
                lines += try keywords.map { "  - \(try Self.quoted($0))" }
            }
            return lines.joined(separator: "\n") + "\n"
        }
    }

    /// A text as YAML has it: every JSON string is one of YAML's, too.
    private static func quoted(_ text: String) throws -> String {
        String(decoding: try JSONText.encode(text, isLine: true), as: UTF8.self)
            .trimmingCharacters(in: .newlines)
    }
}
