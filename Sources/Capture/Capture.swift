import Foundation
import GuestImages
public import HostSupport
import QMP
public import RunRecords
import Synchronization
import Traces

/// Acts on a plan: starts the guest, lets it record, ends the engine properly, and says what is there.
public final class Capture: Sendable {
    /// What came of a run.
    public struct Outcome: Sendable {
        /// The run's record, in the state `recorded` or `failed`.
        public let record: RunRecord
        /// Why the engine ended.
        public let ending: CaptureEnding
    }

    let plan: CapturePlan
    let console: Console
    let isLive: Bool
    let observer: (@Sendable (RunRecord) -> Void)?
    let record: Mutex<RunRecord>
    let watcher: Mutex<RecordingWatcher>
    /// When the guest became ready.
    let ready = Mutex<ContinuousClock.Instant?>(nil)

    /// Prepares to act on a plan.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - console: Where steps and progress are told.
    ///   - isLive: Whether the guest command's output is copied to this process's own.
    ///   - observer: Who is told of the record each time that it has been written.
    public init(
        plan: CapturePlan,
        console: Console,
        isLive: Bool,
        observer: (@Sendable (RunRecord) -> Void)? = nil
    ) {
        self.plan = plan
        self.console = console
        self.isLive = isLive
        self.observer = observer
        record = Mutex(plan.record)
        watcher = Mutex(RecordingWatcher(folder: plan.files.recordings))
    }

    /// Makes the run.
    ///
    /// - Returns: What came of it; the record is in the run's folder, too.
    /// - Throws: ``HostSupport/Failure``, with the run's record in the state `failed` where its folder was made.
    public func run() async throws -> Outcome {
        let lock = try makeFolder()
        defer { withExtendedLifetime(lock) {} }
        do {
            var ending = try await runGuest()
            // Seen once in some 250 boots of the tiny guest. Nothing was recorded yet, so nothing is lost.
            if case .bootFailed(let failure) = ending {
                console.warning("\(failure.message)\nstarting it once more")
                try update { $0.warnings.append("started twice: \(failure.message)") }
                try FileSystem.rename(plan.files.console, to: plan.files.firstConsole)
                if let disk = plan.guest.disk { try FileSystem.remove(disk.path) }
                ending = try await runGuest()
            }
            console.endProgress()
            try await collect(ending)
            return Outcome(record: record.withLock { $0 }, ending: ending)
        } catch is CancellationError {
            // What was recorded may be whole: the next start looks, and brings the run to its end.
            console.endProgress()
            throw CancellationError()
        } catch {
            console.endProgress()
            try? update { try $0.become(.failed, because: "\(error)") }
            throw error
        }
    }

    /// Makes the run's folder and takes its lock, which the kernel lets go of should this process die.
    private func makeFolder() throws -> FileLock {
        let files = plan.files
        try FileSystem.createDirectory(files.path.parent)
        guard try FileSystem.claimDirectory(files.path) else {
            throw Failure(.cannotCreate, "another process has just made the run \(files.path)")
        }
        let lock = try FileLock(files.lock)
        try update { _ in }
        try FileSystem.write(plan.record.command.shellText + "\n", to: files.command)
        return lock
    }

    private func collect(_ ending: CaptureEnding) async throws {
        _ = look()
        let sightings = watcher.withLock { $0.sightings }
        let found = try await RecordingCheck.describeAll(
            in: plan.files.recordings,
            machine: plan.record.machine
        )
        var recordings: [Recording] = []
        for var recording in found {
            if let sighting = sightings.first(where: { $0.name == recording.name }) {
                let log = HostPath(
                    plan.files.recording(recording.name).string + RecordingFiles.nondetLogSuffix
                )
                let refined = (try? await FileTimes(of: log))?.refine(sighting) ?? sighting
                recording.started = refined.started
                recording.ended = recording.structure == .complete ? refined.ended : nil
            }
            recordings.append(recording)
        }
        do { try RunPeers.gather(in: plan.files, of: record.withLock { $0 }) } catch {
            try update { $0.warnings.append("who was connected could not be written down: \(error)") }
        }
        try update { record in
            record.recordings = recordings
            record.ending = ending.name
            if let warning = ending.warning { record.warnings.append(warning) }
            if recordings.contains(where: { $0.structure == .complete }) {
                if record.state == .starting { try record.become(.recording) }
                try record.become(.recorded)
            } else {
                try record.become(.failed, because: Self.reason(ending, recordings))
            }
        }
        try await keepKernelProfile()
    }

    private static func reason(_ ending: CaptureEnding, _ recordings: [Recording]) -> String {
        let end = ending.warning.map { "\($0); " } ?? ""
        guard let cut = recordings.first else { return end + "nothing was recorded" }
        return end + "the recording '\(cut.name)' is not whole: \(cut.problem ?? cut.structure.rawValue)"
    }

    /// Changes the record and writes it down before anything is done that rests on it.
    func update(_ change: (inout RunRecord) throws -> Void) throws {
        let written = try record.withLock { record in
            try change(&record)
            try record.write(to: plan.files)
            return record
        }
        observer?(written)
    }
}
