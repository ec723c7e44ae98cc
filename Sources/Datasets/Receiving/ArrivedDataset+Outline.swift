public import HostSupport
import RunRecords

extension ArrivedDataset {
    /// Makes a folder for each run with its record and its kernel profile, and without its recordings: what there is to
    /// know of the traces before they are restored.
    ///
    /// - Parameter collection: The folder in whose `runs` the folders are made, or are there.
    /// - Returns: The runs' ids, sorted.
    /// - Throws: ``HostSupport/Failure``: `bad-data` where a file is not what the index says, `cannot-create` where
    ///   another run has a run's name.
    public func outline(into collection: HostPath) throws -> [String] {
        var runs: [String] = []
        for volume in try volumes() {
            for (run, traces) in Dictionary(grouping: volume.index.traces, by: \.run) {
                let records = try traces.map { try volume.record(of: $0) }
                guard var record = records.first else { continue }
                record.recordings = records.flatMap(\.recordings).sorted { $0.name < $1.name }
                let folder = RunFolder(collection / "runs" / run)
                if FileSystem.exists(folder.record) {
                    let present = try RunRecord.read(from: folder)
                    guard present.recordings.map(\.log) == record.recordings.map(\.log) else {
                        throw Failure(
                            .cannotCreate,
                            "\(folder.path) is another run than the dataset's of that name",
                            hint: "name another folder"
                        )
                    }
                }
                try FileSystem.createDirectory(folder.path)
                if let file = traces.lazy.compactMap(\.kernelInformation).first {
                    let data = try FileSystem.read(try volume.path(of: file), limit: 1 << 20)
                    guard file.restored == nil, RunningDigest.text(of: data, .sha256) == file.sha256 else {
                        throw Failure(.badData, "data/\(file.path) is not what the index says")
                    }
                    try FileSystem.write(data, to: folder.kernelInformation)
                }
                try record.write(to: folder)
                runs.append(run)
            }
        }
        return runs.sorted()
    }
}
