extension DocumentInspection {
    /// Croissant 1.0: what the specification requires, of which the public validator lets half pass.
    mutating func checkCroissant(_ files: [String: FileDigest]) {
        checkContext()
        constant(root, "@type", "", "sc:Dataset")
        constant(root, "conformsTo", "", .text(Croissant.conformsTo))
        for key in ["name", "description", "version", "citeAs"] { text(root, key, "") }
        text(root, "license", "", "must be the address of a licence") { $0.isWebAddress }
        text(root, "datePublished", "", "must be a day") { $0.isDay }
        if root["url"] == nil {
            unfinished("url", "is missing: dataset.yaml has neither 'url' nor 'doi'")
        } else {
            text(root, "url", "", "must be an address") { $0.isWebAddress }
        }
        for (place, creator) in list(root, "creator", "") {
            text(creator, "@type", place, "must be a person or an organisation") {
                ["sc:Person", "sc:Organization"].contains($0)
            }
            text(creator, "name", place)
            optionalText(creator, "sameAs", place, "must be the address of an ORCID") { $0.isORCIDAddress }
        }
        let objects = checkDistribution(files)
        for (place, set) in list(root, "recordSet", "") {
            constant(set, "@type", place, "cr:RecordSet")
            text(set, "@id", place)
            for (place, field) in list(set, "field", place) { checkField(field, place, objects) }
        }
    }

    private mutating func checkContext() {
        guard let context = root["@context"]?.objectValue else {
            return wrong("@context", "must be the one of the specification")
        }
        for (key, value) in Croissant.context where context[key] != value {
            wrong("@context.\(key)", "must be that of the specification")
        }
    }

    private mutating func checkDistribution(_ files: [String: FileDigest]) -> Set<String> {
        var listing = FileListing(files)
        for (place, object) in list(root, "distribution", "") {
            constant(object, "@type", place, "cr:FileObject")
            let identifier = text(object, "@id", place)
            text(object, "name", place)
            text(object, "encodingFormat", place, "must be a media type") { $0.isMediaType }
            let digest = text(object, "sha256", place, "must be a SHA-256 digest") { $0.isDigest }
            let size = text(object, "contentSize", place, "must be a number of bytes, as '12 B'") {
                $0.wholeMatch(of: /\d+ B/) != nil
            }
            guard let address = text(object, "contentUrl", place) else { continue }
            listing.add(
                address,
                bytes: size.flatMap { UInt64($0.dropLast(2)) },
                sha256: digest,
                identifier: identifier,
                place: place
            )
        }
        for (place, problem) in listing.problems(at: "distribution") { wrong(place, problem) }
        return listing.identifiers
    }

    private mutating func checkField(_ field: JSON, _ place: String, _ objects: Set<String>) {
        constant(field, "@type", place, "cr:Field")
        text(field, "@id", place)
        text(field, "dataType", place, "must be a type of schema.org's") { $0.hasPrefix("sc:") }
        let source = field["source"]
        let object = source?["fileObject"]?["@id"]?.textValue
        if object.map({ !objects.contains($0) }) ?? true {
            wrong("\(place).source.fileObject", "must name an element of the distribution")
        }
        let columns = DatasetTables.traces.columns.map(\.name)
        if source?["extract"]?["column"]?.textValue.map({ !columns.contains($0) }) ?? true {
            wrong("\(place).source.extract.column", "must name a column of the table")
        }
    }
}
