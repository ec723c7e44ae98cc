/// What several standards take over from schema.org.
enum SchemaOrg {
    /// An author, as Croissant has it.
    static func author(_ author: DatasetAuthor) -> JSON {
        let place: JSON? = author.affiliation.map { ["@type": "sc:Organization", "name": .text($0)] }
        return .object(of: [
            "@type": author.isPerson ? "sc:Person" : "sc:Organization",
            "name": .text(author.spokenName),
            "familyName": .text(author.family),
            "givenName": .text(author.given),
            "affiliation": place,
            "sameAs": .text(author.orcidAddress),
        ])
    }
}
