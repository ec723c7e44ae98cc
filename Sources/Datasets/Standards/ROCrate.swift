import Foundation
import HostSupport

/// `ro-crate-metadata.json`: RO-Crate 1.1, which describes a folder of research data and each file in it.
///
/// Format: <https://w3id.org/ro/crate/1.1>
enum ROCrate {
    static let name = "ro-crate-metadata.json"
    static let context = "https://w3id.org/ro/crate/1.1/context"
    static let conformsTo = "https://w3id.org/ro/crate/1.1"

    static func json(_ source: MetadataSource) -> JSON {
        var entities: [JSON] = [descriptor, root(source)]
        entities += source.files.map(file)
        entities += source.description.authors.enumerated().map { person($1, number: $0 + 1) }
        entities += affiliations(source.description).map { organisation($0.name, url: $0.url) }
        entities.append(publisher(source.description))
        if let contact = source.description.contact { entities.append(contactPoint(contact)) }
        if let licence = source.licence {
            entities.append([
                "@id": .text(licence.address), "@type": "CreativeWork", "name": .text(licence.name),
                "identifier": .text(licence.identifier), "url": .text(licence.address),
                "description": "The licence of the dataset, \(licence.identifier) of SPDX's list",
            ])
        }
        return ["@context": .text(context), "@graph": .array(entities)]
    }

    private static let descriptor: JSON = [
        "@id": .text(name), "@type": "CreativeWork",
        "about": ["@id": "./"], "conformsTo": ["@id": .text(conformsTo)],
    ]

    private static func root(_ source: MetadataSource) -> JSON {
        let about = source.description
        let authors = about.authors.enumerated().map { identifier($1, number: $0 + 1) }
        let keywords = (about.keywords ?? []).joined(separator: ", ")
        return .object(of: [
            "@id": "./",
            "@type": "Dataset",
            "name": .text(source.title),
            "description": .text(source.abstract),
            "datePublished": .text(source.day),
            "dateCreated": .text(JSONText.timeText(source.index.created)),
            "version": .text(about.versionText),
            "license": link(source.licence?.address),
            "author": .list(authors.compactMap(link)),
            "publisher": link(publisherIdentifier),
            "contactPoint": link(about.contact.map { "mailto:\($0.email)" }),
            "keywords": .text(keywords.isEmpty ? nil : keywords),
            "url": .text(about.address),
            "identifier": .text(about.doi.map { "https://doi.org/\($0)" } ?? about.url),
            "citation": .text(source.citation),
            "contentSize": .text("\(source.bytes)"),
            "hasPart": .array(source.files.compactMap { link($0.reference) }),
        ])
    }

    private static func link(_ identifier: String?) -> JSON? { identifier.map { ["@id": .text($0)] } }

    private static func file(_ file: PublishedFile) -> JSON {
        [
            "@id": .text(file.reference), "@type": "File", "name": .text(file.path),
            "description": .text(file.summary), "contentSize": .text("\(file.bytes)"),
            "encodingFormat": .text(file.mediaType), "sha256": .text(file.sha256),
        ]
    }

    private static func identifier(_ author: DatasetAuthor, number: Int) -> String {
        author.orcidAddress ?? "#author-\(number)"
    }

    private static func person(_ author: DatasetAuthor, number: Int) -> JSON {
        .object(of: [
            "@id": .text(identifier(author, number: number)),
            "@type": author.isPerson ? "Person" : "Organization",
            "name": .text(author.spokenName),
            "familyName": .text(author.family),
            "givenName": .text(author.given),
            "url": .text(author.url),
            "affiliation": link(author.affiliation.map(organisationIdentifier)),
        ])
    }

    /// The places where authors work, each once, with the first page that is named for it.
    private static func affiliations(_ description: DatasetDescription) -> [(name: String, url: String?)] {
        description.authors.compactMap(\.affiliation).uniqued().map { name in
            (
                name,
                description.authors.lazy.filter { $0.affiliation == name }.compactMap(\.affiliationUrl).first
            )
        }
    }

    private static func organisationIdentifier(_ name: String) -> String {
        "#organisation-" + name.percentEncoded
    }

    private static func organisation(_ name: String, url: String?) -> JSON {
        .object(of: [
            "@id": .text(organisationIdentifier(name)), "@type": "Organization", "name": .text(name),
            "url": .text(url),
        ])
    }

    private static let publisherIdentifier = "#publisher"

    private static func publisher(_ description: DatasetDescription) -> JSON {
        .object(of: [
            "@id": .text(publisherIdentifier), "@type": "Organization",
            "name": .text(description.publisherText), "url": .text(description.publisherAddress),
        ])
    }

    private static func contactPoint(_ contact: DatasetContact) -> JSON {
        .object(of: [
            "@id": .text("mailto:\(contact.email)"), "@type": "ContactPoint", "name": .text(contact.name),
            "email": .text(contact.email), "contactType": "questions about the dataset",
        ])
    }
}
