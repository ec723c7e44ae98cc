import Datasets
public import HostSupport
import RunRecords

extension AnalysisItem {
    /// The traces of a dataset, of which each is unpacked when its turn comes, and removed when it was analysed.
    ///
    /// - Parameters:
    ///   - dataset: The dataset's folder, or the tar of one.
    ///   - folder: Where the runs' analyses are kept: `runs/RUN/analysis`.
    ///   - wanted: The runs; all where there are none.
    ///   - console: Where progress is told.
    /// - Returns: The recordings, and why runs have none.
    /// - Throws: ``HostSupport/Failure`` where the dataset cannot be believed.
    public static func all(
        ofDataset dataset: HostPath,
        into folder: HostPath,
        wanted: [String],
        console: Console
    ) async throws -> (items: [AnalysisItem], skipped: [(run: String, reason: String)]) {
        let arrived = try ArrivedDataset(dataset, console: console)
        defer { arrived.close() }
        let runs = try arrived.outline(into: folder).filter { wanted.isEmpty || wanted.contains($0) }
        let (items, skipped) = await all(runs, in: folder)
        return (
            items.map {
                AnalysisItem(
                    folder: $0.folder,
                    record: $0.record,
                    recording: $0.recording,
                    dataset: FileSystem.absolute(dataset)
                )
            }, skipped
        )
    }

    /// Lends the run's folder with the recording's files in it.
    func withFiles<Result>(
        _ console: Console,
        _ body: (RunFolder) async throws -> Result
    ) async throws -> Result {
        guard let dataset else { return try await body(folder) }
        let scratch = try ScratchFolder(in: folder.path.parent.parent)
        defer { scratch.remove() }
        let arrived = try ArrivedDataset(dataset, console: console)
        defer { arrived.close() }
        _ = try await DatasetUnpacker(jobs: 1, console: console)
            .unpack(arrived, [folder.path.name], into: scratch.path)
        return try await body(RunFolder(scratch.path / "runs" / folder.path.name))
    }
}
