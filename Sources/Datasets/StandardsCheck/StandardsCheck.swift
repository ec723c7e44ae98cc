import Foundation
public import HostSupport
import YAMLFiles

/// Our own check of a dataset's metadata, stricter than the standards' public validators where these let pass what the
/// standard asks for, and what none of them looks at: whether the files that are listed are those that are there.
public enum StandardsCheck {
    private static let limit: UInt64 = 256 << 20

    /// Checks the metadata of a dataset, or of a volume, which may be anybody's.
    ///
    /// - Parameter folder: The dataset's folder; its payload's digests are taken from the bag's manifest.
    /// - Returns: All that is wrong, and all that is missing before it can be published.
    /// - Throws: ``HostSupport/Failure`` where there is no such folder.
    public static func check(_ folder: HostPath) throws -> [StandardsFinding] {
        guard FileSystem.isDirectory(folder) else { throw Failure(.notFound, "there is no folder \(folder)") }
        var documents: [String: Data] = [:]
        var findings: [StandardsFinding] = []
        for name in DatasetMetadata.standards + [DatasetMetadata.descriptionPath, Bag.manifest]
        where FileSystem.isRegularFile(folder / name) {
            do {
                documents[name] = try FileSystem.read(folder / name, limit: limit)
            } catch let failure as Failure {
                findings.append(wrong(name, failure.message))
            }
        }
        var ignored: [String] = []
        let manifest = BagManifest(
            String(decoding: documents[Bag.manifest] ?? Data(), as: UTF8.self),
            problems: &ignored
        )
        let files = manifest.digests.filter { $0.key.hasPrefix("data/") }.map { path, digest in
            (path, FileDigest(bytes: FileKind(folder / path)?.size ?? 0, sha256: digest))
        }
        return findings + check(documents, files: Dictionary(files) { $1 })
    }

    /// Checks documents by their names.
    ///
    /// - Parameters:
    ///   - documents: The standards' files, and `data/metadata/description.json`.
    ///   - files: The payload's files, by their paths below the dataset's folder.
    /// - Returns: All that is wrong, and all that is missing before it can be published.
    static func check(_ documents: [String: Data], files: [String: FileDigest]) -> [StandardsFinding] {
        var findings: [StandardsFinding] = []
        let about = description(documents, &findings)
        let isPublishable = about?.isPublishable ?? true
        for name in DatasetMetadata.standards where documents[name] == nil {
            let isAlways = name == DatasetReadme.name || name == DataPackage.name
            findings.append(
                isPublishable || isAlways
                    ? wrong(name, "is missing")
                    : StandardsFinding(
                        level: .unfinished,
                        file: name,
                        place: "",
                        text: "is missing: the dataset has no description with authors and a licence"
                    )
            )
        }
        if let text = documents[DatasetReadme.name], text.isEmpty {
            findings.append(wrong(DatasetReadme.name, "is empty"))
        }
        var versions: [(String, String?)] = []
        var titles: [(String, String?)] = []
        func inspect(_ name: String, _ title: [String], _ body: (inout DocumentInspection) -> Void) {
            guard let data = documents[name] else { return }
            guard let root = try? JSONDecoder().decode(JSON.self, from: data), root.objectValue != nil else {
                return findings.append(wrong(name, "is no JSON object"))
            }
            var inspection = DocumentInspection(name, root)
            body(&inspection)
            findings += inspection.findings
            let crate = root["@graph"]?.arrayValue?.first { $0["@id"] == "./" }
            versions.append((name, (crate ?? root)["version"]?.textValue))
            let place = title.reduce(crate ?? root) { value, key in
                (value?.arrayValue?.first ?? value)?[key]
            }
            titles.append((name, place?.textValue))
        }
        inspect(Croissant.name, ["alternateName"]) { $0.checkCroissant(files) }
        inspect(ROCrate.name, ["name"]) { $0.checkROCrate(files) }
        inspect(DataCite.name, ["titles", "title"]) { $0.checkDataCite() }
        inspect(ZenodoDeposit.name, ["title"]) { $0.checkZenodo() }
        inspect(DataPackage.name, ["title"]) { $0.checkDataPackage(files, isPublishable: isPublishable) }
        if let data = documents[CitationFile.name] {
            let (own, citation) = check(citation: data)
            findings += own
            versions.append((CitationFile.name, citation?.version))
            titles.append((CitationFile.name, citation?.title))
        }
        for (what, values) in [("version", versions), ("title", titles)] {
            guard let first = values.first(where: { $0.1 != nil }) else { continue }
            for (name, value) in values where value != nil && value != first.1 {
                findings.append(wrong(name, "has another \(what) than \(first.0)"))
            }
        }
        return findings
    }

    private static func description(
        _ documents: [String: Data],
        _ findings: inout [StandardsFinding]
    ) -> DatasetDescription? {
        let name = DatasetMetadata.descriptionPath
        guard let data = documents[name] else {
            findings.append(wrong(name, "is missing"))
            return nil
        }
        do {
            return try JSONText.decode(DatasetDescription.self, from: data, source: name)
        } catch {
            findings.append(wrong(name, "cannot be read: \((error as? Failure)?.message ?? "\(error)")"))
            return nil
        }
    }

    private static func check(citation data: Data) -> ([StandardsFinding], CitationFile?) {
        let name = CitationFile.name
        let citation: CitationFile
        do {
            let text = String(decoding: data, as: UTF8.self)
            citation = try StrictYAML.decode(CitationFile.self, from: text, source: name).value
        } catch {
            return ([wrong(name, "cannot be read: \((error as? Failure)?.message ?? "\(error)")")], nil)
        }
        var found: [StandardsFinding] = []
        func require(_ holds: Bool, _ place: String, _ text: String) {
            if !holds { found.append(StandardsFinding(level: .wrong, file: name, place: place, text: text)) }
        }
        require(citation.cffVersion == "1.2.0", "cff-version", "must be 1.2.0")
        require(citation.type == "dataset", "type", "must be dataset")
        require(!citation.message.isEmpty, "message", "must be a text that is not empty")
        require(!citation.title.isEmpty, "title", "must be a text that is not empty")
        require(citation.version?.isEmpty == false, "version", "is missing")
        require(citation.abstract?.isEmpty == false, "abstract", "is missing")
        require(citation.dateReleased?.isDay ?? false, "date-released", "must be a day")
        require(
            citation.license.flatMap(Licence.named) != nil,
            "license",
            "must be a licence of SPDX's that is known"
        )
        require(citation.doi?.isDOI ?? true, "doi", "must be a DOI")
        require(citation.url?.isWebAddress ?? true, "url", "must be an address")
        require(!citation.authors.isEmpty, "authors", "must name somebody")
        for (index, author) in citation.authors.enumerated() {
            let place = "authors[\(index)]"
            require(
                (author.familyNames != nil) != (author.name != nil),
                place,
                "must be a person or an organisation"
            )
            require(author.orcid?.isORCIDAddress ?? true, "\(place).orcid", "must be the address of an ORCID")
        }
        return (found, citation)
    }

    private static func wrong(_ file: String, _ text: String) -> StandardsFinding {
        StandardsFinding(level: .wrong, file: file, place: "", text: text)
    }
}
