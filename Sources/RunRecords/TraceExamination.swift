public import Traces

/// Looks at a recording from end to end without an engine: both files, whether they fit each other, and whether they are
/// what their run's record says.
public struct TraceExamination: Sendable {
    /// What was looked at and found.
    public let check: TraceCheck
    /// The log's figures, where it could be opened.
    public let log: NondetLogSummary?

    /// Looks at a recording; the files are read, and their digests taken, at the same time.
    ///
    /// - Parameters:
    ///   - files: The recording's files.
    ///   - recorded: What its run's record says of it, and the run's machine; nothing where it belongs to no run.
    /// - Returns: What was found; damage is a result and no error.
    /// - Throws: ``HostSupport/Failure`` where a digest cannot be taken.
    public static func run(
        _ files: RecordingFiles,
        recorded: (recording: Recording, machine: Machine)?
    ) async throws -> TraceExamination {
        let head = try? SnapshotHead(path: files.snapshotPath)
        async let snapshot = onAnotherThread { TraceCheck.snapshot(files.snapshotPath) }
        async let log = onAnotherThread { TraceCheck.log(files.nondetLogPath, against: head) }
        async let digests = digests(files, recorded?.recording)

        var check = TraceCheck()
        let (ofLog, summary) = await log
        check.add(ofLog)
        let (ofSnapshot, processor) = await snapshot
        check.add(ofSnapshot)
        if let recorded {
            if let summary {
                check.add(RecordedFileCheck.counts(summary, recorded.recording))
            } else {
                check.skip("record: counts", because: "the log cannot be read")
            }
            if let head {
                check.add(RecordedFileCheck.machine(head, processor, recorded.machine))
            } else {
                check.skip("record: machine", because: "the snapshot cannot be read")
            }
        } else {
            check.skip("record: counts", because: "there is no run.json")
            check.skip("record: machine", because: "there is no run.json")
        }
        check.add(try await digests)
        return TraceExamination(check: check, log: summary)
    }

    @concurrent
    private static func onAnotherThread<Result: Sendable>(
        _ body: @Sendable () -> Result
    ) async -> Result {
        body()
    }

    @concurrent
    private static func digests(
        _ files: RecordingFiles,
        _ recording: Recording?
    ) async throws -> TraceCheck {
        guard let recording else {
            var check = TraceCheck()
            check.skip("record: digests", because: "there is no run.json")
            return check
        }
        return try await RecordedFileCheck.digests(files, recording)
    }
}
