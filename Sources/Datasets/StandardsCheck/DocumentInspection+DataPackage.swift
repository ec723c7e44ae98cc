extension DocumentInspection {
    /// A Data Package: names, and for each resource its size and digest.
    mutating func checkDataPackage(_ files: [String: FileDigest], isPublishable: Bool) {
        constant(root, "profile", "", "data-package")
        text(root, "name", "", "must be small letters, digits, '.', '_' and '-'") {
            $0.wholeMatch(of: /[a-z0-9._-]+/) != nil
        }
        for key in ["title", "description", "version", "created"] { text(root, key, "") }
        if isPublishable {
            for (place, licence) in list(root, "licenses", "") {
                text(licence, "name", place, "must be a licence of SPDX's that is known") {
                    Licence.named($0) != nil
                }
                text(licence, "path", place, "must be an address") { $0.isWebAddress }
            }
            for (place, person) in list(root, "contributors", "") { text(person, "title", place) }
        }
        var listing = FileListing(files)
        for (place, resource) in list(root, "resources", "") {
            let name = text(resource, "name", place, "must be small letters, digits and '-._/'") {
                $0.wholeMatch(of: /[a-z0-9._\/-]+/) != nil
            }
            text(resource, "mediatype", place, "must be a media type") { $0.isMediaType }
            let hash = text(resource, "hash", place, "must be 'sha256:' and a digest") {
                $0.hasPrefix("sha256:") && String($0.dropFirst(7)).isDigest
            }
            let bytes = resource["bytes"]?.integerValue
            if bytes.map({ $0 < 0 }) ?? true { wrong("\(place).bytes", "must be a number of bytes") }
            guard let path = text(resource, "path", place) else { continue }
            listing.add(
                path.percentEncoded,
                bytes: bytes.flatMap { UInt64(exactly: $0) },
                sha256: hash.map { String($0.dropFirst(7)) },
                identifier: name,
                place: place
            )
            if path == DatasetMetadata.table { checkSchema(resource["schema"] ?? .null, "\(place).schema") }
        }
        for (place, problem) in listing.problems(at: "resources") { wrong(place, problem) }
    }

    private mutating func checkSchema(_ schema: JSON, _ place: String) {
        let fields = (schema["fields"]?.arrayValue ?? []).map { [$0["name"], $0["type"]] }
        let columns = DatasetTables.traces.columns.map { [JSON.text($0.name), .text($0.kind.tableSchema)] }
        if fields != columns.map({ $0.map(Optional.some) }) {
            wrong("\(place).fields", "must be the table's columns, in their order")
        }
        constant(schema, "primaryKey", place, "name")
    }
}
