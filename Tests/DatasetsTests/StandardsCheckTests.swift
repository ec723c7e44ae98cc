import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Datasets

@Suite("Our own check of a dataset's metadata")
struct StandardsCheckTests {
    /// The documents of a sample, and its payload.
    private struct Documents {
        var texts: [String: Data]
        let files: [String: FileDigest]

        var findings: [StandardsFinding] { StandardsCheck.check(texts, files: files) }

        /// Changes a JSON document at a path of keys and indices.
        mutating func change(_ name: String, _ path: String, to value: JSON?) throws {
            let root = try JSONDecoder().decode(JSON.self, from: texts[name] ?? Data())
            texts[name] = try JSONText.encode(
                root.changing(path.split(separator: "/").map(String.init)[...], to: value)
            )
        }
    }

    private static func withDocuments(_ body: (Documents) throws -> Void) async throws {
        try await withScratch { folder in
            let sample = try SampleDataset.write(into: folder / "d")
            try await sample.describe()
            var texts: [String: Data] = [:]
            for name in DatasetMetadata.standards + [DatasetMetadata.descriptionPath] {
                texts[name] = try FileSystem.read(sample.folder / name)
            }
            var ignored: [String] = []
            let manifest = BagManifest(
                try FileSystem.readText(sample.folder / Bag.manifest),
                problems: &ignored
            )
            let files = manifest.digests.map { path, digest in
                (path, FileDigest(bytes: FileSystem.size(sample.folder / path) ?? 0, sha256: digest))
            }
            try body(Documents(texts: texts, files: Dictionary(files) { $1 }))
        }
    }

    @Test(
        "finds nothing wrong with what is written, in one volume and in several, with the least description and all"
    )
    func sound() async throws {
        for (yaml, volume) in [
            (SampleDataset.yaml, nil),
            (DatasetDescription.example(name: "d"), DatasetIndex.Volume(number: 1, count: 2)),
        ] {
            try await withScratch { folder in
                let sample = try SampleDataset.write(into: folder / "d", describedBy: yaml, volume: volume)
                try await sample.describe()
                let findings = try StandardsCheck.check(sample.folder)
                #expect(findings.filter { $0.level == .wrong } == [], "\(findings)")
                let open = yaml == SampleDataset.yaml ? [] : ["datacite.json"]
                #expect(findings.map(\.file) == open)
            }
        }
    }

    @Test("says of one that nobody has described that it cannot be published yet, and no more")
    func undescribed() async throws {
        try await withScratch { folder in
            let sample = try SampleDataset.write(into: folder / "d", describedBy: nil)
            try await sample.describe()
            let findings = try StandardsCheck.check(sample.folder)
            #expect(findings.allSatisfy { $0.level == .unfinished })
            #expect(
                Set(findings.map(\.file))
                    == [
                        ".zenodo.json", "CITATION.cff", "croissant.json", "datacite.json",
                        "ro-crate-metadata.json",
                    ]
            )
            #expect(try await Bag.check(at: sample.folder) == [])
        }
    }

    @Test("misses every key that a standard requires")
    func required() async throws {
        let required = [
            "croissant.json": [
                "@context", "@context/dct", "@type", "conformsTo", "name", "description", "license", "url",
                "creator", "creator/0/name", "datePublished", "version", "citeAs", "distribution",
                "distribution/1/@id", "distribution/1/@type", "distribution/1/name",
                "distribution/1/contentUrl",
                "distribution/1/contentSize", "distribution/1/encodingFormat", "distribution/1/sha256",
                "distribution/2", "recordSet", "recordSet/0/field/3/source", "recordSet/0/field/3/dataType",
            ],
            "ro-crate-metadata.json": [
                "@context", "@graph", "@graph/0", "@graph/1", "@graph/0/conformsTo", "@graph/0/about",
                "@graph/1/name",
                "@graph/1/description", "@graph/1/datePublished", "@graph/1/license", "@graph/1/author",
                "@graph/1/hasPart", "@graph/1/hasPart/4", "@graph/4", "@graph/4/sha256",
                "@graph/4/contentSize",
                "@graph/4/encodingFormat", "@graph/4/@type",
            ],
            "datacite.json": [
                "schemaVersion", "types", "types/resourceTypeGeneral", "creators", "creators/0/name",
                "titles",
                "titles/0/title", "publisher", "publisher/name", "publicationYear", "version", "dates",
                "dates/0/date", "rightsList", "rightsList/0/rightsUri", "descriptions", "doi",
                "relatedIdentifiers/0/relationType", "creators/0/nameType",
            ],
            ".zenodo.json": [
                "upload_type", "title", "creators", "creators/1/name", "description", "publication_date",
                "access_right", "license", "version", "related_identifiers/0/relation", "grants/0/id",
                "communities/0/identifier",
            ],
            "datapackage.json": [
                "profile", "name", "title", "description", "version", "created", "licenses",
                "licenses/0/path",
                "contributors", "contributors/0/title", "resources", "resources/3", "resources/3/name",
                "resources/3/path", "resources/3/bytes", "resources/3/hash", "resources/3/mediatype",
            ],
        ]
        try await Self.withDocuments { documents in
            #expect(documents.findings.isEmpty)
            for (name, paths) in required {
                for path in paths {
                    var without = documents
                    try without.change(name, path, to: nil)
                    #expect(without.texts[name] != documents.texts[name], "\(name) has \(path)")
                    #expect(without.findings.contains { $0.file == name }, "\(name) without \(path)")
                }
            }
            for name in DatasetMetadata.standards + [DatasetMetadata.descriptionPath] {
                var without = documents
                without.texts[name] = nil
                #expect(without.findings.contains { $0.file == name && $0.level == .wrong })
            }
        }
    }

    @Test("finds wrong values, and what the files do not agree on")
    func wrong() async throws {
        let digest = JSON.text(String(repeating: "0", count: 64))
        let wrong: [(String, String, JSON)] = [
            ("croissant.json", "conformsTo", "http://mlcommons.org/croissant/0.9"),
            ("croissant.json", "@type", "Thing"),
            ("croissant.json", "datePublished", "yesterday"), ("croissant.json", "license", "CC-BY-4.0"),
            ("croissant.json", "url", "example.org"),
            ("croissant.json", "creator/0/sameAs", "https://orcid.org/1"),
            ("croissant.json", "distribution/1/sha256", digest),
            ("croissant.json", "distribution/1/sha256", "abc"),
            ("croissant.json", "distribution/1/contentSize", "1 B"),
            ("croissant.json", "distribution/1/contentSize", 7),
            ("croissant.json", "distribution/1/contentUrl", "data/none"),
            ("croissant.json", "recordSet/0/field/0/source/extract/column", "none"),
            ("croissant.json", "recordSet/0/field/0/source/fileObject/@id", "none"),
            ("croissant.json", "version", "9.9.9"), ("croissant.json", "alternateName", "Another"),
            ("croissant.json", "@context/sc", "https://example.org/"),
            ("ro-crate-metadata.json", "@context", "https://w3id.org/ro/crate/1.0/context"),
            ("ro-crate-metadata.json", "@graph/1/datePublished", "2026"),
            ("ro-crate-metadata.json", "@graph/1/license/@id", "https://example.org/none"),
            ("ro-crate-metadata.json", "@graph/1/author/0/@id", "#nobody"),
            ("ro-crate-metadata.json", "@graph/4/sha256", digest),
            ("ro-crate-metadata.json", "@graph/4/contentSize", "0"),
            ("ro-crate-metadata.json", "@graph/4/@id", "data/none"),
            ("ro-crate-metadata.json", "@graph/4/@type", "Dataset"),
            ("ro-crate-metadata.json", "@graph/1/name", "Another"),
            ("datacite.json", "schemaVersion", "4.5"), ("datacite.json", "publicationYear", "1999"),
            ("datacite.json", "publicationYear", 2026), ("datacite.json", "doi", "https://doi.org/10.5281/x"),
            ("datacite.json", "types/resourceTypeGeneral", "Software"), ("datacite.json", "creators", []),
            (
                "datacite.json", "creators/0/nameIdentifiers/0/nameIdentifier",
                "https://orcid.org/0000-0002-1825-0098"
            ),
            ("datacite.json", "dates/2/date", "2026-13-01"),
            ("datacite.json", "rightsList/0/rightsIdentifier", "CC"),
            ("datacite.json", "relatedIdentifiers/0/relationType", "Likes"),
            ("datacite.json", "version", "2"),
            (".zenodo.json", "upload_type", "software"), (".zenodo.json", "license", "CC-BY-4.0"),
            (".zenodo.json", "access_right", "closed"), (".zenodo.json", "extra", "key"),
            (".zenodo.json", "creators/0/orcid", "https://orcid.org/0000-0002-1825-0097"),
            (".zenodo.json", "related_identifiers/0/relation", "IsDescribedBy"),
            (".zenodo.json", "creators", "me"),
            ("datapackage.json", "name", "Honeypots"), ("datapackage.json", "resources/3/bytes", -1),
            ("datapackage.json", "resources/3/hash", digest),
            ("datapackage.json", "resources/3/path", "../x"),
            ("datapackage.json", "licenses/0/name", "CC"), ("datapackage.json", "title", "Another"),
        ]
        try await Self.withDocuments { documents in
            for (name, path, value) in wrong {
                var changed = documents
                try changed.change(name, path, to: value)
                #expect(changed.texts[name] != documents.texts[name])
                let found = changed.findings.filter { $0.level == .wrong }
                #expect(!found.isEmpty, "\(name) with another \(path)")
            }
        }
    }

    @Test("reads a citation strictly")
    func citation() async throws {
        try await Self.withDocuments { documents in
            let text = String(decoding: documents.texts["CITATION.cff"] ?? Data(), as: UTF8.self)
            for (line, other) in [
                ("cff-version: \"1.2.0\"", "cff-version: \"1.1.0\""), ("type: \"dataset\"", "type: software"),
                ("authors:", "writers:"), ("license: \"CC-BY-4.0\"", "license: CC-BY-9"),
                ("date-released: \"2026-11-26\"", "date-released: soon"), ("0097\"", "0098\""),
                ("doi: \"10.5281", "doi: \"https://doi.org/10.5281"),
                ("version: \"1.2.0\"\ndate", "version: \"1\"\ndate"),
            ] {
                var changed = documents
                #expect(text.contains(line), "\(line)")
                changed.texts["CITATION.cff"] = Data(text.replacing(line, with: other).utf8)
                #expect(!changed.findings.isEmpty, "\(other)")
            }
        }
    }

    @Test("takes any bytes for a document without coming to harm, and finds that they are none")
    func mutations() async throws {
        try await Self.withDocuments { documents in
            var random = SeededGenerator(seed: 8)
            for name in DatasetMetadata.standards where name != "README.md" {
                for _ in 0..<10 {
                    var changed = documents
                    var bytes = documents.texts[name] ?? Data()
                    let cut = Int.random(in: 0..<bytes.count, using: &random)
                    bytes =
                        bytes.prefix(cut)
                        + Data((0..<3).map { _ in UInt8.random(in: 0...255, using: &random) })
                    changed.texts[name] = bytes
                    #expect(!changed.findings.isEmpty)
                }
            }
        }
    }
}

extension JSON {
    /// The value with another at a path; nothing removes it.
    fileprivate func changing(_ path: ArraySlice<String>, to value: JSON?) -> JSON {
        guard let key = path.first else { return value ?? .null }
        let rest = path.dropFirst()
        switch self {
        case .object(var members):
            members[key] = rest.isEmpty ? value : members[key].map { $0.changing(rest, to: value) }
            return .object(members)
        case .array(var elements):
            guard let index = Int(key), elements.indices.contains(index) else { return self }
            if rest.isEmpty, value == nil {
                elements.remove(at: index)
            } else {
                elements[index] = elements[index].changing(rest, to: value)
            }
            return .array(elements)
        default: return self
        }
    }
}
