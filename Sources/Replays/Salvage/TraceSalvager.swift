import Foundation
public import HostSupport
public import RunRecords
import Traces

/// Makes recordings that replay of those that were not ended.
public struct TraceSalvager: Sendable {
    /// What was made of a recording.
    public struct Result: Sendable {
        /// What was done.
        public let plan: SalvagePlan
        /// How often it was replayed, and cut earlier each time but the first.
        public let tries: Int
        /// What the last replay came to; nothing where none was asked for.
        public let verification: Verification?
    }

    /// How many further instructions that made entries are given up by each try but the first.
    private static let steps = [1, 2, 4, 8]

    private let console: Console

    /// Creates a salvager.
    ///
    /// - Parameter console: Where progress is told.
    public init(console: Console) {
        self.console = console
    }

    /// Writes the new recording, and enters it into the run's record where its files lie in the run.
    ///
    /// The original is only read. Where a replay is asked for and departs from the log, the log is cut earlier, up to
    /// four times.
    ///
    /// - Parameters:
    ///   - plan: What to make.
    ///   - run: The run that the original belongs to.
    ///   - replaces: Whether files of the new names are replaced.
    ///   - replay: Replays the new recording.
    /// - Returns: What was made.
    /// - Throws: ``HostSupport/Failure`` with `cannot-create` where the files are there, `input-output` where they
    ///   cannot be written; what `replay` throws.
    public func act(
        on plan: SalvagePlan,
        of run: TraceSource.Run?,
        replacing replaces: Bool,
        replay: (@Sendable (SalvagePlan) async throws -> Verification)?
    ) async throws -> Result {
        let snapshot = HostPath(plan.files.snapshotPath)
        for file in [snapshot, HostPath(plan.files.nondetLogPath)]
        where !replaces && FileKind(file) != nil {
            throw Failure(
                .cannotCreate,
                "there is a file \(file)",
                hint: "--force replaces it, --name takes another name"
            )
        }
        try FileSystem.createDirectory(snapshot.parent)
        try await FileSystem.duplicate(HostPath(plan.item.files.snapshotPath), as: snapshot)
        do {
            try write(plan, replaces)
        } catch {
            if !replaces { try? FileSystem.remove(snapshot) }
            throw error
        }
        try await enter(plan, of: run, nil)
        guard let replay else { return Result(plan: plan, tries: 0, verification: nil) }

        var (plan, tries) = (plan, 1)
        var verification = try await replay(plan)
        for steps in Self.steps where verification.verdict == .diverged {
            guard let earlier = plan.steppingBack(steps) else { break }
            console.step("\(plan.files.name) does not replay; cutting it \(steps) steps earlier")
            plan = earlier
            try write(plan, true)
            tries += 1
            verification = try await replay(plan)
        }
        try await enter(plan, of: run, verification)
        return Result(plan: plan, tries: tries, verification: verification)
    }

    private func write(_ plan: SalvagePlan, _ replaces: Bool) throws {
        let size = ByteSize(bytes: UInt64(plan.salvage.byteCount))
        do {
            try plan.salvage.write(
                from: plan.item.files.nondetLogPath,
                to: plan.files.nondetLogPath,
                replacing: replaces
            ) { bytes in
                if Interrupts.count > 0 { throw Failure(.interrupted, "interrupted") }
                console.progress("writing \(plan.files.name): \(ByteSize(bytes: UInt64(bytes))) of \(size)")
            }
        } catch let error as TraceFormatError {
            throw Failure(.inputOutput, "\(error)")
        }
        console.endProgress()
    }

    /// Enters the recording, or its verdict, into the run's record as that is now.
    private func enter(
        _ plan: SalvagePlan,
        of run: TraceSource.Run?,
        _ verification: Verification?
    ) async throws {
        guard let run, HostPath(plan.files.prefix).parent == run.folder.recordings else { return }
        var recording = try await RecordingCheck.describe(
            plan.files.name,
            in: run.folder.recordings,
            machine: run.record.machine
        )
        recording.salvaged = Recording.Salvage(
            from: plan.item.name,
            entriesDropped: UInt64(plan.salvage.entriesDropped),
            bytesDropped: UInt64(plan.salvage.bytesDropped)
        )
        recording.verification = verification
        var record = try RunRecord.read(from: run.folder)
        record.recordings.removeAll { $0.name == recording.name }
        record.recordings.append(recording)
        record.recordings.sort { $0.name < $1.name }
        try record.write(to: run.folder)
    }
}
