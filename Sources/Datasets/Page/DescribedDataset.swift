import Foundation
public import HostSupport

/// A dataset as its own metadata describe it: a folder, or the folder of its volumes.
public struct DescribedDataset: Sendable {
    /// The folders: one, or one for each volume.
    public let folders: [HostPath]
    /// What a person says of it.
    public let description: DatasetDescription
    /// What is in it, of all volumes.
    public let index: DatasetIndex
    /// The files under `data/` of all volumes, metadata left out.
    let files: [PublishedFile]

    /// Reads the metadata of a dataset, which may be anybody's; nothing of it is checked against its files.
    ///
    /// - Parameter folder: The dataset's folder, a volume's, or the one that holds all volumes.
    /// - Throws: ``HostSupport/Failure`` where there is no dataset, or its metadata cannot be read.
    public init(_ folder: HostPath) throws {
        let folder = FileSystem.absolute(folder)
        guard FileSystem.isDirectory(folder) else { throw Failure(.notFound, "there is no folder \(folder)") }
        let isOne = FileSystem.isRegularFile(folder / DatasetMetadata.indexPath)
        let volumes =
            isOne
            ? [folder]
            : FileSystem.list(folder).map { folder / $0 }
                .filter { FileSystem.isRegularFile($0 / DatasetMetadata.indexPath) }
        let indexes = try volumes.map { try DatasetIndex.read(from: DatasetFolder($0)) }
        // A folder of several datasets is none itself.
        let belongTogether = indexes.allSatisfy { $0.volume != nil && $0.name == indexes.first?.name }
        guard isOne || belongTogether, let first = volumes.first,
            let whole = isOne ? indexes.first : try DatasetIndex.joined(indexes)
        else {
            throw Failure(.notFound, "\(folder) is no dataset: it has no \(DatasetMetadata.indexPath)")
        }
        let path = first / DatasetMetadata.descriptionPath
        folders = volumes
        index = whole
        description = try JSONText.decode(
            DatasetDescription.self,
            from: try FileSystem.read(path, limit: 1 << 20),
            source: path.string
        )
        files = whole.publishedFiles
    }

    /// How it is cited in LaTeX.
    ///
    /// - Returns: An entry of BibTeX's.
    /// - Throws: ``HostSupport/Failure`` where nobody is named as its author.
    public func bibTeX() throws -> String {
        guard description.isPublishable else {
            throw Failure(
                .unavailable,
                "nobody is named as the author of '\(index.name)'",
                hint: "describe it: 'pandacap dataset init', and 'pandacap dataset pack --description'"
            )
        }
        return BibTeX.entry(source)
    }

    var source: MetadataSource { MetadataSource(description: description, index: index, files: files) }
}
