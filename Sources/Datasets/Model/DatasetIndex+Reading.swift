import HostSupport

extension DatasetIndex {
    /// Reads a volume's index; it is not checked against anything.
    ///
    /// - Parameter folder: The volume.
    /// - Returns: The index.
    /// - Throws: ``HostSupport/Failure`` where there is none, or where it cannot be understood.
    static func read(from folder: DatasetFolder) throws -> DatasetIndex {
        guard FileSystem.isRegularFile(folder.index) else {
            throw Failure(
                .notFound,
                "\(folder.path) is no dataset: it has no data/\(DatasetFolder.indexName)",
                hint: "name a folder that 'pandacap dataset pack' has made"
            )
        }
        let data = try FileSystem.read(folder.index, limit: 1 << 30)
        let index = try JSONText.decode(DatasetIndex.self, from: data, source: folder.index.string)
        guard index.schema == 1 else {
            throw Failure(
                .badData,
                "\(folder.index) has schema \(index.schema); this program knows schema 1",
                hint: "use a newer pandacap"
            )
        }
        return index
    }

    /// The index of all volumes together; nothing where there are none.
    static func joined(_ volumes: [DatasetIndex]) throws -> DatasetIndex? {
        guard var whole = volumes.first else { return nil }
        whole.volume = nil
        whole.references = nil
        whole.traces = []
        whole.disks = []
        for volume in volumes {
            guard volume.name == whole.name, volume.format == whole.format,
                volume.isAnonymised == whole.isAnonymised
            else {
                throw Failure(
                    .badData,
                    "the volumes '\(whole.name)' and '\(volume.name)' are of different datasets"
                )
            }
            whole.traces += volume.traces
            whole.disks += volume.disks
        }
        whole.traces.sort { $0.name < $1.name }
        whole.disks = whole.disks.uniqued().sorted {
            ($0.path, $0.restored?.name ?? "") < ($1.path, $1.restored?.name ?? "")
        }
        return whole
    }
}
