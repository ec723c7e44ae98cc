import Foundation

/// `.zenodo.json`: what Zenodo's deposit interface takes as a record's metadata.
///
/// Format: <https://developers.zenodo.org/#representation>, and Zenodo's schema `legacyrecord.json`.
enum ZenodoDeposit {
    static let name = ".zenodo.json"

    static func json(_ source: MetadataSource) -> JSON {
        let about = source.description
        return .object(of: [
            "upload_type": "dataset",
            "title": .text(source.title),
            "creators": .array(about.authors.map(creator)),
            "description": .text(html(source)),
            "publication_date": .text(source.day),
            "access_right": "open",
            "license": .text(source.licence?.zenodoName),
            "version": .text(about.versionText),
            "language": "eng",
            "doi": .text(about.doi),
            "keywords": .texts(about.keywords),
            "related_identifiers": .list((about.related ?? []).map(related)),
            "communities": .list((about.communities ?? []).map { member("identifier", $0) }),
            "grants": .list((about.funding ?? []).compactMap(\.grant).map { member("id", $0) }),
            "notes": .text(notes(about)),
        ])
    }

    private static func creator(_ author: DatasetAuthor) -> JSON {
        .object(of: [
            "name": .text(author.listedName), "affiliation": .text(author.affiliation),
            "orcid": .text(author.orcid),
        ])
    }

    private static func related(_ work: RelatedWork) -> JSON {
        ["identifier": .text(work.identifier), "relation": .text(work.relation.zenodoName)]
    }

    private static func member(_ name: String, _ value: String) -> JSON { .object([name: .text(value)]) }

    private static func notes(_ about: DatasetDescription) -> String? {
        let funds = (about.funding ?? []).map { fund in
            [fund.funder, fund.award, fund.title].compactMap { $0 }.joined(separator: ", ")
        }
        return funds.isEmpty ? nil : "Funded by: " + funds.joined(separator: "; ")
    }

    /// The description as the markup that Zenodo shows.
    private static func html(_ source: MetadataSource) -> String {
        let totals = source.totals
        let facts =
            "\(totals.traces) traces of \(totals.runs) runs, made with PANDAcap \(source.index.version). "
            + "README.md in the files says how to restore and replay them."
            + (source.index.isAnonymised
                ? " The peers' addresses in packets and metadata were replaced." : "")
        return (source.abstract.components(separatedBy: "\n\n") + [facts])
            .map { "<p>\(escaped($0.trimmingCharacters(in: .whitespacesAndNewlines)))</p>" }
            .joined(separator: "\n")
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
