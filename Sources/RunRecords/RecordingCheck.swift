public import HostSupport
import Traces

/// Looks at the files of recordings without an engine: whether they are whole and fit the machine.
public enum RecordingCheck {
    /// The names of the recordings in a folder, whole or not, sorted.
    ///
    /// - Parameter folder: A run's `rr`.
    /// - Returns: The names.
    /// - Throws: ``HostSupport/Failure`` with `input-output` where the folder cannot be read.
    public static func names(in folder: HostPath) throws -> [String] {
        do {
            return try RecordingFiles.find(in: folder.string).map(\.files.name)
        } catch {
            throw Failure(.inputOutput, "\(error)")
        }
    }

    /// Looks at a recording and takes its digests.
    ///
    /// - Parameters:
    ///   - name: The recording's name.
    ///   - folder: A run's `rr`.
    ///   - machine: The machine that it was made with.
    /// - Returns: What is known of it, its times and verdict left out.
    /// - Throws: ``HostSupport/Failure`` where a file cannot be read.
    public static func describe(
        _ name: String,
        in folder: HostPath,
        machine: Machine
    ) async throws -> Recording {
        let files = RecordingFiles(name: name, in: folder.string)
        var recording = Recording(name: name, structure: .complete)
        async let snapshot = file(HostPath(files.snapshotPath))
        async let log = file(HostPath(files.nondetLogPath))
        let finding = finding(files, machine)
        recording.structure = finding.structure
        recording.problem = finding.problem
        recording.instructions = finding.log?.finalInstructionCount
        recording.entries = finding.log.map { UInt64($0.total.entries) }
        recording.snapshot = try await snapshot
        recording.log = try await log
        return recording
    }

    /// Looks at every recording in a folder and takes its digests.
    ///
    /// - Parameters:
    ///   - folder: A run's `rr`.
    ///   - machine: The machine that they were made with.
    /// - Returns: What is known of them, sorted by name.
    /// - Throws: ``HostSupport/Failure`` where the folder or a file cannot be read.
    public static func describeAll(in folder: HostPath, machine: Machine) async throws -> [Recording] {
        var recordings: [Recording] = []
        for name in try names(in: folder) {
            recordings.append(try await describe(name, in: folder, machine: machine))
        }
        return recordings
    }

    /// Makes sure that a machine can replay a recording, as far as the files tell: the engine's own words for a
    /// memory that does not fit are incomprehensible, and it waits forever for the end of a log that has none.
    ///
    /// - Parameters:
    ///   - name: The recording's name.
    ///   - folder: A run's `rr`.
    ///   - machine: The machine.
    /// - Throws: ``HostSupport/Failure`` with `bad-data`, saying what is missing or does not fit.
    public static func requireReplayable(_ name: String, in folder: HostPath, machine: Machine) throws {
        guard let problem = finding(RecordingFiles(name: name, in: folder.string), machine).problem else {
            return
        }
        throw Failure(.badData, "the recording \(folder / name): \(problem)")
    }

    private struct Finding {
        var structure = Recording.Structure.complete
        var problem: String?
        var log: NondetLogSummary?
    }

    private static func finding(_ files: RecordingFiles, _ machine: Machine) -> Finding {
        var finding = Finding()
        do throws(TraceFormatError) {
            let summary = try NondetLog(path: files.nondetLogPath).survey()
            finding.log = summary
            switch summary.state {
            case .complete:
                break
            case .notEnded(let end):
                finding.structure = .notEnded
                finding.problem = TraceFinding(notEnded: end, summary).message
            case .damaged(let error):
                finding.structure = .damaged
                finding.problem = "the log is damaged: \(error)"
            }
            guard finding.problem == nil else { return finding }
            finding.problem = try snapshotProblem(files, machine)
        } catch {
            finding.problem = "\(error)"
        }
        if finding.problem != nil { finding.structure = .damaged }
        return finding
    }

    private static func snapshotProblem(
        _ files: RecordingFiles,
        _ machine: Machine
    ) throws(TraceFormatError) -> String? {
        let head = try SnapshotHead(path: files.snapshotPath)
        if head.isCut { return "the snapshot is cut: its end is missing" }
        return RecordedFileCheck.memoryFinding(head, machine)?.message
    }

    private static func file(_ path: HostPath) async throws -> Recording.File? {
        // The folder is the engine's: the digest of a planted link to /dev/zero, or of a pipe, would never be done.
        guard FileSystem.isRegularFile(path), let bytes = FileSystem.size(path) else { return nil }
        return Recording.File(name: path.name, bytes: bytes, sha256: try await Digest.sha256(path))
    }
}
