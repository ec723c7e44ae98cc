public import HostSupport
public import RunRecords

/// A recording that is to be analysed with many others.
public struct AnalysisItem: Sendable {
    /// The run's folder.
    public let folder: RunFolder
    /// The run's record.
    public let record: RunRecord
    /// The recording.
    public let recording: Recording
    /// The dataset that the recording is to be unpacked from; nothing where it lies in the run's folder.
    let dataset: HostPath?

    /// What it is called for a person: the run, and the recording where there are several.
    public var title: String {
        record.recordings.count == 1 ? folder.path.name : "\(folder.path.name)/\(recording.name)"
    }

    /// The whole recordings of runs, in the order of the runs' names.
    ///
    /// - Parameters:
    ///   - runs: The names of runs.
    ///   - collection: The collection.
    /// - Returns: The recordings, and why runs have none.
    public static func all(_ runs: [String], in collection: HostPath) async -> (
        items: [AnalysisItem], skipped: [(run: String, reason: String)]
    ) {
        var items: [AnalysisItem] = []
        var skipped: [(String, String)] = []
        for run in runs.sorted() {
            let folder = RunFolder(collection / "runs" / run)
            do {
                let record = try RunRecord.read(from: folder)
                let whole = record.recordings.filter {
                    $0.structure == .complete && $0.snapshot != nil && $0.log != nil
                }
                items += whole.map {
                    AnalysisItem(folder: folder, record: record, recording: $0, dataset: nil)
                }
                if whole.isEmpty { skipped.append((run, "it has no whole recording")) }
            } catch {
                skipped.append((run, (error as? Failure)?.message ?? "\(error)"))
            }
        }
        return (items, skipped)
    }
}

/// What came of an item.
public struct AnalysisItemResult: Sendable, Codable, Hashable {
    /// How an item can end.
    public enum State: String, Sendable, Codable {
        /// It was analysed now.
        case finished
        /// It had been analysed before.
        case kept
        /// It could not be analysed.
        case failed
    }

    /// The run.
    public let run: String
    /// The recording.
    public let recording: String
    /// How it ended.
    public let state: State
    /// Why it failed.
    public let problem: String?
    /// What a command that fails so exits with; 0 where it did not fail.
    public let exitCode: Int32
    /// The analysis' folder.
    public let folder: HostPath?
    /// How long it took, in seconds; as long as it took before, where it was kept.
    public let seconds: Double
    /// How many instructions were replayed.
    public let instructions: UInt64?
}
