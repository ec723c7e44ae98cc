extension DocumentInspection {
    private static let zenodoKeys: Set = [
        "upload_type", "title", "creators", "description", "publication_date", "access_right", "license",
        "version",
        "language", "doi", "keywords", "related_identifiers", "communities", "grants", "notes",
    ]

    /// Zenodo's metadata of a deposit: what its interface asks for, and no key that it does not know.
    mutating func checkZenodo() {
        for key in (root.objectValue ?? [:]).keys.sorted() where !Self.zenodoKeys.contains(key) {
            wrong(key, "is no key of Zenodo's")
        }
        constant(root, "upload_type", "", "dataset")
        constant(root, "access_right", "", "open")
        for key in ["title", "description", "version"] { text(root, key, "") }
        text(root, "publication_date", "", "must be a day") { $0.isDay }
        text(root, "license", "", "must be a licence that Zenodo offers") { name in
            Licence.known.contains { $0.zenodoName == name }
        }
        for (place, creator) in list(root, "creators", "") {
            text(creator, "name", place)
            optionalText(creator, "orcid", place, "must be an ORCID without its address") {
                ORCID.isValid($0)
            }
        }
        let relations = Set(RelatedWork.Relation.allCases.map(\.zenodoName))
        for (place, work) in optionalList(root, "related_identifiers", "") {
            text(work, "identifier", place)
            text(work, "relation", place, "must be of Zenodo's list") { relations.contains($0) }
        }
        for (place, community) in optionalList(root, "communities", "") {
            text(community, "identifier", place)
        }
        for (place, grant) in optionalList(root, "grants", "") { text(grant, "id", place) }
        optionalText(root, "doi", "", "must be a DOI") { $0.isDOI }
    }
}
