extension DocumentInspection {
    /// RO-Crate 1.1: what the specification says that there must or should be.
    mutating func checkROCrate(_ files: [String: FileDigest]) {
        constant(root, "@context", "", .text(ROCrate.context))
        var entities: [String: JSON] = [:]
        for (place, entity) in list(root, "@graph", "") {
            guard let identifier = text(entity, "@id", place) else { continue }
            if entities.updateValue(entity, forKey: identifier) != nil {
                wrong(place, "is there twice: '\(identifier)'")
            }
            if entity["@type"] == nil { wrong("\(place).@type", "is missing") }
        }
        checkLinks(entities)
        guard let descriptor = entities[ROCrate.name] else {
            return wrong("@graph", "lacks the entity of the file itself")
        }
        constant(descriptor, "@type", ROCrate.name, "CreativeWork")
        constant(descriptor, "conformsTo", ROCrate.name, ["@id": .text(ROCrate.conformsTo)])
        constant(descriptor, "about", ROCrate.name, ["@id": "./"])
        guard let crate = entities["./"] else { return wrong("@graph", "lacks the entity './'") }
        checkCrate(crate, entities)
        checkParts(crate, entities, files)
    }

    private mutating func checkCrate(_ crate: JSON, _ entities: [String: JSON]) {
        constant(crate, "@type", "./", "Dataset")
        for key in ["name", "description", "version"] { text(crate, key, "./") }
        text(crate, "datePublished", "./", "must be a day") { $0.isDay }
        if let licence = crate["license"]?["@id"]?.textValue {
            if let entity = entities[licence] { text(entity, "name", licence) }
        } else {
            wrong("./.license", "must be a reference")
        }
        for (place, author) in list(crate, "author", "./") {
            guard let identifier = author["@id"]?.textValue, let entity = entities[identifier] else {
                wrong(place, "must be a reference to somebody")
                continue
            }
            text(entity, "name", identifier)
            text(entity, "@type", identifier, "must be Person or Organization") {
                ["Person", "Organization"].contains($0)
            }
            if identifier.hasPrefix("https://orcid.org/"), !identifier.isORCIDAddress {
                wrong(identifier, "is no ORCID, or has a wrong digit")
            }
        }
    }

    private mutating func checkParts(
        _ crate: JSON,
        _ entities: [String: JSON],
        _ files: [String: FileDigest]
    ) {
        var listing = FileListing(files)
        for (place, part) in list(crate, "hasPart", "./") {
            guard let identifier = part["@id"]?.textValue, let entity = entities[identifier] else { continue }
            constant(entity, "@type", identifier, "File")
            text(entity, "name", identifier)
            text(entity, "encodingFormat", identifier, "must be a media type") { $0.isMediaType }
            let digest = text(entity, "sha256", identifier, "must be a SHA-256 digest") { $0.isDigest }
            let size = text(entity, "contentSize", identifier, "must be a number of bytes") {
                UInt64($0) != nil
            }
            listing.add(
                identifier,
                bytes: size.flatMap { UInt64($0) },
                sha256: digest,
                identifier: nil,
                place: place
            )
        }
        for (place, problem) in listing.problems(at: "./.hasPart") { wrong(place, problem) }
        let parts = Set((crate["hasPart"]?.arrayValue ?? []).compactMap { $0["@id"]?.textValue })
        for (identifier, entity) in entities.sorted(by: { $0.key < $1.key })
        where entity["@type"] == "File" && !parts.contains(identifier) {
            wrong(identifier, "is a file that is no part of the dataset")
        }
    }

    /// References must lead to an entity that is there, or, for the specification itself, to the web.
    private mutating func checkLinks(_ entities: [String: JSON]) {
        for (identifier, entity) in entities.sorted(by: { $0.key < $1.key }) {
            for (key, value) in (entity.objectValue ?? [:]).sorted(by: { $0.key < $1.key }) {
                for link in value.arrayValue ?? [value] {
                    guard let target = link["@id"]?.textValue else { continue }
                    if entities[target] == nil, target != ROCrate.conformsTo {
                        wrong("\(identifier).\(key)", "leads to '\(target)', which is not there")
                    }
                }
            }
        }
    }
}
