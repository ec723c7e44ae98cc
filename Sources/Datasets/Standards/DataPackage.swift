import Foundation
import HostSupport

/// `datapackage.json`: a Data Package of Frictionless Data, with the schema of the table of traces.
///
/// Format: <https://specs.frictionlessdata.io/data-package/>, version 1.
enum DataPackage {
    static let name = "datapackage.json"

    static func json(_ source: MetadataSource) -> JSON {
        let about = source.description
        return .object(of: [
            "profile": "data-package",
            "name": .text(source.index.name.lowercased()),
            "title": .text(source.title),
            "description": .text(source.abstract),
            "version": .text(about.versionText),
            "created": .text(JSONText.timeText(source.index.created)),
            "id": .text(about.doi.map { "https://doi.org/\($0)" }),
            "homepage": .text(about.address),
            "keywords": .texts(about.keywords),
            "licenses": .one(source.licence.map(licence)),
            "contributors": .list(about.authors.map(contributor)),
            "resources": .array(resources(source)),
        ])
    }

    private static func licence(_ licence: Licence) -> JSON {
        [
            "name": .text(licence.identifier), "title": .text(licence.name), "path": .text(licence.address),
        ]
    }

    private static func contributor(_ author: DatasetAuthor) -> JSON {
        .object(of: [
            "title": .text(author.spokenName), "role": "author", "path": .text(author.orcidAddress),
            "organization": .text(author.affiliation),
        ])
    }

    private static func resources(_ source: MetadataSource) -> [JSON] {
        var taken: Set<String> = []
        return source.files.map { file in
            // Names are in small letters here; two files that differ in that alone are told apart by a number.
            let base = file.reference.lowercased().replacing("%", with: "-").replacing("~", with: "-")
            var name = base
            var number = 1
            while !taken.insert(name).inserted {
                number += 1
                name = "\(base)-\(number)"
            }
            return resource(file, name: name)
        }
    }

    private static func resource(_ file: PublishedFile, name: String) -> JSON {
        var members: [String: JSON] = [
            "name": .text(name),
            "path": .text(file.path),
            "description": .text(file.summary),
            "bytes": .count(file.bytes),
            "hash": .text("sha256:\(file.sha256)"),
            "mediatype": .text(file.mediaType),
            "format": .text(HostPath(file.path).name.split(separator: ".").last.map(String.init) ?? "bin"),
            "profile": "data-resource",
        ]
        if file.path == DatasetMetadata.table {
            members["profile"] = "tabular-data-resource"
            members["encoding"] = "utf-8"
            members["dialect"] = ["lineTerminator": "\r\n", "header": true]
            members["schema"] = schema
        }
        return .object(members)
    }

    private static let schema: JSON = [
        "fields": .array(
            DatasetTables.traces.columns.map { column in
                .object(of: [
                    "name": .text(column.name), "type": .text(column.kind.tableSchema),
                    "description": .text(column.summary),
                    // The form that JSONText.timeText writes.
                    "format": column.kind == .time ? "any" : nil,
                ])
            }
        ),
        "primaryKey": "name",
        "missingValues": [""],
    ]
}
