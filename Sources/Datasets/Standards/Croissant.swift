import Foundation
import HostSupport

/// `croissant.json`: Croissant 1.0 of MLCommons, which describes a dataset and its tables to those who learn from it.
///
/// Format: <https://docs.mlcommons.org/croissant/docs/croissant-spec-1.0.html>
enum Croissant {
    static let name = "croissant.json"
    static let conformsTo = "http://mlcommons.org/croissant/1.0"

    static func json(_ source: MetadataSource) -> JSON {
        let about = source.description
        return .object(of: [
            "@context": .object(context),
            "@type": "sc:Dataset",
            "conformsTo": .text(conformsTo),
            "name": .text(source.index.name),
            "alternateName": .text(source.title),
            "description": .text(source.abstract),
            "version": .text(about.versionText),
            "url": .text(about.address),
            "license": .text(source.licence?.address),
            "creator": .list(about.authors.map(SchemaOrg.author)),
            "publisher": SchemaOrg.organisation(about.publisherText, url: about.publisherAddress),
            "datePublished": .text(source.day),
            "dateCreated": .text(source.index.created.dayText),
            "keywords": .texts(about.keywords),
            "citeAs": .text(BibTeX.entry(source)),
            "isLiveDataset": false,
            "distribution": .array(source.files.map(fileObject)),
            "recordSet": .list(recordSets(source)),
        ])
    }

    private static func fileObject(_ file: PublishedFile) -> JSON {
        [
            "@type": "cr:FileObject",
            "@id": .text(file.reference),
            "name": .text(file.path),
            "description": .text(file.summary),
            "contentUrl": .text(file.reference),
            "contentSize": "\(file.bytes) B",
            "encodingFormat": .text(file.mediaType),
            "sha256": .text(file.sha256),
        ]
    }

    private static func recordSets(_ source: MetadataSource) -> [JSON] {
        let table = DatasetMetadata.table
        guard source.files.contains(where: { $0.path == table }) else { return [] }
        let fields = DatasetTables.traces.columns.map { column -> JSON in
            [
                "@type": "cr:Field", "@id": "traces/\(column.name)", "name": .text(column.name),
                "description": .text(column.summary), "dataType": .text(column.kind.croissant),
                "source": ["fileObject": ["@id": .text(table)], "extract": ["column": .text(column.name)]],
            ]
        }
        return [
            [
                "@type": "cr:RecordSet", "@id": "traces", "name": "traces",
                "description": "One record for each trace.",
                "key": ["@id": "traces/name"], "field": .array(fields),
            ]
        ]
    }

    /// The context that the specification prescribes.
    static let context: [String: JSON] = {
        let own = [
            "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject",
            "fileSet", "format",
            "includes",
            "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references",
            "regex",
            "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
        ]
        var context = Dictionary(uniqueKeysWithValues: own.map { ($0, JSON.text("cr:\($0)")) })
        context["@language"] = "en"
        context["@vocab"] = "https://schema.org/"
        context["conformsTo"] = "dct:conformsTo"
        context["cr"] = "http://mlcommons.org/croissant/"
        context["rai"] = "http://mlcommons.org/croissant/RAI/"
        context["dct"] = "http://purl.org/dc/terms/"
        context["sc"] = "https://schema.org/"
        context["data"] = ["@id": "cr:data", "@type": "@json"]
        context["dataType"] = ["@id": "cr:dataType", "@type": "@vocab"]
        context["examples"] = ["@id": "cr:examples", "@type": "@json"]
        return context
    }()
}
