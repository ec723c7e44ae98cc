import Foundation
public import HostSupport

/// Writes what describes a dataset: the tables, the files of the standards, the README, and the bag's own files.
///
/// The same description and index give the same bytes.
public enum DatasetMetadata {
    static let indexPath = "data/metadata/dataset.json"
    static let descriptionPath = "data/metadata/description.json"
    static let table = "data/metadata/traces.csv"
    static let database = "data/metadata/dataset.sqlite"

    /// The files that are made of a description, in a person's order.
    static let standards = [
        DatasetReadme.name, CitationFile.name, ZenodoDeposit.name, Croissant.name, ROCrate.name,
        DataCite.name,
        DataPackage.name,
    ]

    /// Describes a dataset, or one of its volumes, and makes a bag of it.
    ///
    /// All files that the index names must be in place. Of a description that names no author and no licence only the
    /// README, the tables, the Data Package and the bag are made: the others would not be valid.
    ///
    /// - Parameters:
    ///   - folder: The dataset's folder, or the volume's.
    ///   - description: What a person says of it.
    ///   - index: What is in it.
    ///   - progress: Is told how many bytes of files that the index does not name have been read.
    /// - Throws: ``HostSupport/Failure`` where a file that the index names is missing or of another size, or where
    ///   something cannot be written.
    public static func write(
        into folder: HostPath,
        description: DatasetDescription,
        index: DatasetIndex,
        progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) async throws {
        for (file, _) in index.describedFiles {
            guard FileSystem.size(folder / "data" / file.path) == file.bytes else {
                throw Failure(.badData, "\(folder / "data" / file.path) is not the file that the index names")
            }
        }
        try FileSystem.createDirectory(folder / "data/metadata")
        try FileSystem.write(try JSONText.encode(index), to: folder / indexPath)
        try FileSystem.write(try JSONText.encode(description), to: folder / descriptionPath)
        try FileSystem.write(DatasetTables.traces.csv(index.traces), to: folder / table)
        try await SQLiteFile.write(DatasetTables.sql(index), to: folder / database)
        let own = try await tables(in: folder)
        let named = index.publishedFiles
        let source = MetadataSource(
            description: description,
            index: index,
            files: (named + own).sorted { $0.path < $1.path }
        )
        let texts = try documents(source)
        for name in standards {
            if let text = texts[name] {
                try FileSystem.write(text, to: folder / name)
            } else {
                try FileSystem.remove(folder / name)
            }
        }
        let known = source.files.map { ($0.path, FileDigest(bytes: $0.bytes, sha256: $0.sha256)) }
        try await Bag(at: folder).write(
            information: bagInformation(source),
            date: index.created,
            known: Dictionary(known) { $1 },
            progress: progress
        )
    }

    /// The texts of the standards' files, by their names.
    static func documents(_ source: MetadataSource) throws -> [String: Data] {
        var texts = [
            DatasetReadme.name: Data(DatasetReadme(source: source).text.utf8),
            DataPackage.name: try JSONText.encode(DataPackage.json(source)),
        ]
        guard source.description.isPublishable else { return texts }
        texts[CitationFile.name] = Data(try CitationFile(source).yaml.utf8)
        texts[ZenodoDeposit.name] = try JSONText.encode(ZenodoDeposit.json(source))
        texts[Croissant.name] = try JSONText.encode(Croissant.json(source))
        texts[ROCrate.name] = try JSONText.encode(ROCrate.json(source))
        texts[DataCite.name] = try JSONText.encode(DataCite.json(source))
        return texts
    }

    /// The files that are written here.
    private static func tables(in folder: HostPath) async throws -> [PublishedFile] {
        let kinds = [
            (indexPath, "application/json", "All that is known of the dataset, for programs"),
            (descriptionPath, "application/json", "What its authors say of the dataset"),
            (table, "text/csv", "A row for each trace"),
            (database, "application/vnd.sqlite3", "The tables of traces, of files and of peers"),
        ]
        let digests = try await FileDigest.read(kinds.map(\.0), in: folder)
        return try kinds.map { path, type, summary in
            guard let digest = try digests[path]?.get() else {
                throw Failure(.internal, "\(path) was not read")
            }
            return PublishedFile(
                path: path,
                bytes: digest.bytes,
                sha256: digest.sha256,
                mediaType: type,
                summary: summary
            )
        }
    }

    private static func bagInformation(_ source: MetadataSource) -> [(String, String)] {
        let about = source.description
        let address = about.address.map { [("External-Identifier", $0)] } ?? []
        let contact =
            about.contact.map { contact in
                (contact.name.map { [("Contact-Name", $0)] } ?? []) + [("Contact-Email", contact.email)]
            } ?? []
        let group =
            source.index.volume.map {
                [("Bag-Group-Identifier", source.index.name), ("Bag-Count", "\($0.number) of \($0.count)")]
            } ?? []
        let organisation = about.isPublishable ? [("Source-Organization", sources(about))] : []
        return organisation + contact + [("External-Description", source.title)] + address + group
    }

    private static func sources(_ about: DatasetDescription) -> String {
        about.authors.map(\.spokenName).joined(separator: ", ")
    }
}
