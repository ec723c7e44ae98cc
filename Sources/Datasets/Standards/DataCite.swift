import Foundation
import HostSupport

/// `datacite.json`: the metadata that a DOI is registered with, schema 4.5.
///
/// Format: <https://schema.datacite.org/meta/kernel-4.5/>, in the JSON of DataCite's interface.
enum DataCite {
    static let name = "datacite.json"
    static let schemaVersion = "http://datacite.org/schema/kernel-4"

    static func json(_ source: MetadataSource) -> JSON {
        let about = source.description
        return .object(of: [
            "schemaVersion": .text(schemaVersion),
            "doi": .text(about.doi),
            "url": .text(about.address),
            "types": ["resourceTypeGeneral": "Dataset", "resourceType": "Recordings for replay with PANDA"],
            "creators": .array(about.authors.map(creator)),
            "titles": [["title": .text(source.title)]],
            "publisher": ["name": .text(about.publisherText)],
            "publicationYear": .text(source.year),
            "subjects": .list((about.keywords ?? []).map(subject)),
            "dates": .array(dates(source)),
            "language": "en",
            "relatedIdentifiers": .list((about.related ?? []).compactMap(related)),
            "sizes": ["\(source.bytes) bytes", "\(source.files.count) files"],
            "formats": .array(Set(source.files.map(\.mediaType)).sorted().map { .text($0) }),
            "version": .text(about.versionText),
            "rightsList": .one(source.licence.map(rights)),
            "descriptions": .array(descriptions(about)),
            "fundingReferences": .list((about.funding ?? []).map(funding)),
        ])
    }

    private static func creator(_ author: DatasetAuthor) -> JSON {
        let identifier: JSON? = author.orcidAddress.map { address in
            [
                "nameIdentifier": .text(address), "nameIdentifierScheme": "ORCID",
                "schemeUri": "https://orcid.org",
            ]
        }
        let place: JSON? = author.affiliation.map { ["name": .text($0)] }
        return .object(of: [
            "name": .text(author.listedName),
            "nameType": author.isPerson ? "Personal" : "Organizational",
            "familyName": .text(author.family),
            "givenName": .text(author.given),
            "affiliation": .one(place),
            "nameIdentifiers": .one(identifier),
        ])
    }

    private static func subject(_ word: String) -> JSON { ["subject": .text(word)] }

    private static func dates(_ source: MetadataSource) -> [JSON] {
        var dates: [JSON] = [
            ["date": .text(source.day), "dateType": "Issued"],
            ["date": .text(source.index.created.dayText), "dateType": "Created"],
        ]
        if let first = source.totals.first, let last = source.totals.last {
            let range = first.dayText == last.dayText ? first.dayText : "\(first.dayText)/\(last.dayText)"
            dates.append(["date": .text(range), "dateType": "Collected"])
        }
        return dates
    }

    private static func related(_ work: RelatedWork) -> JSON? {
        work.knownScheme.map { scheme in
            [
                "relatedIdentifier": .text(work.identifier), "relatedIdentifierType": .text(scheme.rawValue),
                "relationType": .text(work.relation.rawValue),
            ]
        }
    }

    private static func rights(_ licence: Licence) -> JSON {
        [
            "rights": .text(licence.name), "rightsUri": .text(licence.address),
            "rightsIdentifier": .text(licence.identifier), "rightsIdentifierScheme": "SPDX",
            "schemeUri": "https://spdx.org/licenses/",
        ]
    }

    private static func descriptions(_ about: DatasetDescription) -> [JSON] {
        [("Abstract", about.description as String?), ("Methods", about.capture)].compactMap { kind, text in
            text.map { ["description": .text($0), "descriptionType": .text(kind)] }
        }
    }

    private static func funding(_ fund: DatasetFunding) -> JSON {
        .object(of: [
            "funderName": .text(fund.funder), "awardNumber": .text(fund.award),
            "awardTitle": .text(fund.title),
        ])
    }
}
