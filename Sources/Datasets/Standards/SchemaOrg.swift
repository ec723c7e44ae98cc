/// What several standards take over from schema.org.
enum SchemaOrg {
    /// An author, as Croissant has it.
    static func author(_ author: DatasetAuthor) -> JSON {
        let place = author.affiliation.map { organisation($0, url: author.affiliationUrl) }
        return .object(of: [
            "@type": author.isPerson ? "sc:Person" : "sc:Organization",
            "name": .text(author.spokenName),
            "familyName": .text(author.family),
            "givenName": .text(author.given),
            "affiliation": place,
            "sameAs": .text(author.orcidAddress),
            "url": .text(author.url),
        ])
    }

    /// An organisation, as Croissant has it.
    static func organisation(_ name: String, url: String?) -> JSON {
        .object(of: ["@type": "sc:Organization", "name": .text(name), "url": .text(url)])
    }
}
