extension DocumentInspection {
    /// DataCite 4.5: the properties that are mandatory, and the values of controlled lists.
    mutating func checkDataCite() {
        constant(root, "schemaVersion", "", .text(DataCite.schemaVersion))
        constant(root["types"] ?? .null, "resourceTypeGeneral", "types", "Dataset")
        for (place, creator) in list(root, "creators", "") { checkCreator(creator, place) }
        for (place, title) in list(root, "titles", "") { text(title, "title", place) }
        text(root["publisher"] ?? .null, "name", "publisher")
        text(root, "version", "")
        let year = text(root, "publicationYear", "", "must be a year") { $0.wholeMatch(of: /\d{4}/) != nil }
        if root["doi"] == nil {
            unfinished("doi", "is missing: Zenodo reserves one, and dataset.yaml takes it")
        } else {
            text(root, "doi", "", "must be a DOI") { $0.isDOI }
        }
        var issued: String?
        for (place, date) in list(root, "dates", "") {
            let kind = text(date, "dateType", place, "must be Issued, Created or Collected") {
                ["Issued", "Created", "Collected"].contains($0)
            }
            let value = text(date, "date", place, "must be a day, or two with a slash between") { text in
                let days = text.split(separator: "/", omittingEmptySubsequences: false)
                return (1...2).contains(days.count) && days.allSatisfy { String($0).isDay }
            }
            if kind == "Issued" { issued = value }
        }
        if let year, let issued, !issued.hasPrefix(year) {
            wrong("publicationYear", "must be the year of the date of kind Issued")
        }
        for (place, rights) in list(root, "rightsList", "") {
            let name = text(rights, "rightsIdentifier", place, "must be a licence of SPDX's that is known") {
                Licence.named($0) != nil
            }
            constant(rights, "rightsUri", place, .text(name.flatMap(Licence.named)?.address ?? ""))
        }
        for (place, entry) in list(root, "descriptions", "") {
            text(entry, "description", place)
            text(entry, "descriptionType", place, "must be Abstract or Methods") {
                ["Abstract", "Methods"].contains($0)
            }
        }
        for (place, work) in optionalList(root, "relatedIdentifiers", "") {
            text(work, "relatedIdentifier", place)
            text(work, "relatedIdentifierType", place, "must be of DataCite's list") {
                RelatedWork.Scheme(rawValue: $0) != nil
            }
            text(work, "relationType", place, "must be of DataCite's list") {
                RelatedWork.Relation(rawValue: $0) != nil
            }
        }
    }

    private mutating func checkCreator(_ creator: JSON, _ place: String) {
        text(creator, "name", place)
        text(creator, "nameType", place, "must be Personal or Organizational") {
            ["Personal", "Organizational"].contains($0)
        }
        for (place, identifier) in optionalList(creator, "nameIdentifiers", place) {
            constant(identifier, "nameIdentifierScheme", place, "ORCID")
            text(identifier, "nameIdentifier", place, "must be the address of an ORCID") { $0.isORCIDAddress }
        }
    }
}
