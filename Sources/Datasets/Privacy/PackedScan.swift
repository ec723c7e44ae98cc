public import HostSupport
import RunRecords

/// Looks into what a packed dataset holds: what it publishes as it is, and what comes out of the rest, of which a run at
/// a time is unpacked.
public struct PackedScan: Sendable {
    private let scan: PrivacyScan
    private let jobs: Int
    private let console: Console

    /// Prepares a scan.
    ///
    /// - Parameters:
    ///   - scan: What is looked for.
    ///   - jobs: How many files are read at the same time.
    ///   - console: Where progress is told.
    public init(_ scan: PrivacyScan, jobs: Int, console: Console) {
        self.scan = scan
        self.jobs = jobs
        self.console = console
    }

    /// Whether a folder is a packed dataset, or has its volumes.
    public static func isDataset(_ folder: HostPath) -> Bool {
        !DatasetFolder(folder).volumes.isEmpty
    }

    /// Looks into a dataset.
    ///
    /// - Parameter dataset: The dataset.
    /// - Returns: What was found.
    /// - Throws: ``HostSupport/Failure``: `bad-data` where the dataset cannot be unpacked; `CancellationError`.
    public func report(of dataset: ArrivedDataset) async throws -> PrivacyReport {
        let volumes = try dataset.volumes()
        let scratch = try ScratchFolder(in: Storage.temporary)
        defer { scratch.remove() }
        let published = volumes.flatMap { volume in
            let packed = Set((Array(volume.index.recordingFiles.values) + volume.index.disks).map(\.path))
            return ScannedFile.files(in: volume.folder.path).filter { file in
                !packed.contains { file.name == "data/\($0)" }
            }
        }
        var reports = [try await scan.scan(published, scratch: scratch.path, jobs: jobs)]
        // What runs share, such as the disk of their image, stays there until the end.
        let collection = scratch.path / "traces"
        let runs = volumes.flatMap(\.index.traces).map(\.run).uniqued()
        for (number, id) in runs.enumerated() {
            console.progress("looked into \(number) of \(runs.count) runs")
            _ = try await DatasetUnpacker(jobs: jobs, console: console).unpack(
                dataset,
                [id],
                into: collection
            )
            let run = RunFolder(collection / "runs" / id)
            reports.append(
                try await scan.scan(ScannedFile.files(of: run), scratch: scratch.path, jobs: jobs)
            )
            try FileSystem.remove(run.path)
        }
        let shared = ScannedFile.files(in: collection)
        reports.append(try await scan.scan(shared, scratch: scratch.path, jobs: jobs))
        console.endProgress()
        return .joined(reports)
    }
}
