public import HostSupport
public import RunRecords

/// A trace that the user named: a run, and one or all of its recordings.
public struct TraceReference: Sendable {
    /// The run's folder.
    public let folder: RunFolder
    /// The run's record.
    public let record: RunRecord
    /// The recordings that are meant.
    public let recordings: [Recording]

    /// Finds what the user named.
    ///
    /// - Parameters:
    ///   - name: A run's folder, its `run.json`, a recording's path prefix or one of its files, or a run's id.
    ///   - collection: Where a run's id is looked up.
    /// - Throws: ``HostSupport/Failure`` where it names no trace.
    public init(_ name: String, collection: HostPath) async throws {
        let path = FileSystem.absolute(HostPath(name))
        guard let found = RunFolder.find(name, in: collection) else {
            throw Failure(
                .notFound,
                "'\(name)' is no trace: neither a run's folder, nor a recording in one, nor a run in \(collection)",
                hint: "name a folder that has a run.json, such as traces/runs/RUN-ID"
            )
        }
        folder = found
        record = try await RunRecovery.read(folder)
        let isInside = path.parent == folder.recordings
        let wanted = record.recordings.filter { recording in
            guard isInside else { return true }
            return path.name == recording.name
                || [recording.snapshot, recording.log].contains { $0?.name == path.name }
        }
        guard !wanted.isEmpty else {
            throw Failure(
                .notFound,
                isInside
                    ? "the run has no recording '\(path.name)'" : "the run \(record.id) has no recording",
                hint: record.reason.map { "the run failed: \($0)" }
            )
        }
        recordings = wanted
    }

    /// Sees that one of the recordings can be replayed.
    ///
    /// - Throws: ``HostSupport/Failure`` with `badData`, saying what is wrong with the first.
    public func requireWhole() throws {
        guard !recordings.contains(where: { $0.structure == .complete }), let cut = recordings.first else {
            return
        }
        throw Failure(
            .badData,
            "the recording '\(cut.name)' is not whole: \(cut.problem ?? cut.structure.rawValue)",
            hint: "an engine cannot replay it"
        )
    }
}
