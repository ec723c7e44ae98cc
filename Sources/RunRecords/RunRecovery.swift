import HostSupport

/// Brings a run to the end of its life that its own process, having died, did not see.
public enum RunRecovery {
    private static let mark = "the process that made the run died in the state"

    /// Whether the process that made a run did not see its end, so that what was recorded may be less than was to be.
    public static func isMended(_ record: RunRecord) -> Bool {
        record.warnings.contains { $0.hasPrefix(mark) }
    }

    /// Reads the record of a run, and mends it where the process that made the run is gone.
    ///
    /// The engine outlives that process by the moment that it takes to close a recording.
    ///
    /// - Parameters:
    ///   - folder: The run's folder.
    ///   - patience: How long its engine may take to close a recording; none where it is known to be gone.
    /// - Returns: The record; what was mended is written into the folder, too.
    /// - Throws: ``HostSupport/Failure``: with `timeout` where the run is still going on; else where the record
    ///   cannot be read.
    public static func read(_ folder: RunFolder, patience: Duration = .seconds(5)) async throws -> RunRecord {
        let record = try RunRecord.read(from: folder)
        guard !record.state.isFinal, record.state != .recorded else { return record }
        let lock: FileLock
        do {
            lock = try FileLock(unlessHeld: folder.lock)
        } catch let failure as Failure where failure.code == .timeout {
            throw Failure(
                .timeout,
                "the run \(record.id) is still going on (\(record.state.rawValue))",
                hint: "wait for its end, or end it with Ctrl-C"
            )
        }
        defer { withExtendedLifetime(lock) {} }
        return try await mend(record, in: folder, patience)
    }

    private static func mend(
        _ record: RunRecord,
        in folder: RunFolder,
        _ patience: Duration
    ) async throws -> RunRecord {
        var record = record
        func look() async throws -> [Recording]? {
            let recordings = try await RecordingCheck.describeAll(
                in: folder.recordings,
                machine: record.machine
            )
            record.recordings = recordings
            return recordings.contains { $0.structure == .notEnded } ? nil : recordings
        }
        // An engine in a container had them for its own.
        if record.engine.container != nil, FileSystem.owner(of: folder.path) == 0,
            let user = FileSystem.owner(of: folder.recordings)
        {
            FileSystem.takeOver(folder.path, from: user)
        }
        if FileSystem.isDirectory(folder.recordings) { _ = try await poll(for: patience, until: look) }
        record.warnings.append("\(mark) '\(record.state.rawValue)'")
        if record.recordings.contains(where: { $0.structure == .complete }) {
            if record.state == .planned { try record.become(.starting) }
            if record.state == .starting { try record.become(.recording) }
            try record.become(.recorded)
        } else {
            try record.become(
                .failed,
                because: "the process that made the run died, and nothing whole was recorded"
            )
        }
        // Before the record, which says that all is there. A full disk is no reason to leave the run as it is.
        if !FileSystem.exists(folder.peers) { _ = try? RunPeers.gather(in: folder, of: record) }
        try record.write(to: folder)
        return record
    }
}
