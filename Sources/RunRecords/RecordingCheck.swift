public import HostSupport
import RRTrace

/// Looks at the files of recordings without an engine: are they whole, and do they fit the machine?
public enum RecordingCheck {
    /// The names of the recordings in a folder, whole or not, sorted.
    ///
    /// - Parameter folder: A run's `rr`.
    /// - Returns: The names.
    public static func names(in folder: HostPath) -> [String] {
        RecordingFiles.among(FileSystem.list(folder), in: folder.string).map(\.name)
    }

    /// Looks at a recording and takes its digests.
    ///
    /// - Parameters:
    ///   - name: The recording's name.
    ///   - folder: A run's `rr`.
    ///   - machine: The machine that it was made with.
    /// - Returns: What is known of it, its times and verdict left out.
    /// - Throws: ``HostSupport/Failure`` where a file cannot be read.
    public static func describe(_ name: String, in folder: HostPath, machine: Machine) async throws -> Recording {
        let files = RecordingFiles(folder: folder.string, name: name)
        let log = NondetLogSummary(of: files.log, longestData: machine.memory.bytes)
        var recording = Recording(name: name, structure: .complete)
        recording.snapshot = try await file(HostPath(files.snapshot))
        recording.log = try await file(HostPath(files.log))
        recording.entries = log.entries
        recording.instructions = log.instructions
        if let problem = log.problem {
            recording.structure = problem.code == .notEnded ? .notEnded : .damaged
            recording.problem = problem.description
        } else if let problem = snapshotProblem(files, machine) {
            recording.structure = .damaged
            recording.problem = problem
        }
        return recording
    }

    /// Makes sure that a machine can replay a recording, as far as the files tell: the engine's own words for a
    /// memory that does not fit are incomprehensible.
    ///
    /// - Parameters:
    ///   - name: The recording's name.
    ///   - folder: A run's `rr`.
    ///   - machine: The machine.
    /// - Throws: ``HostSupport/Failure`` with `bad-data`, saying what is missing or does not fit.
    public static func requireReplayable(_ name: String, in folder: HostPath, machine: Machine) throws {
        let files = RecordingFiles(folder: folder.string, name: name)
        if let problem = snapshotProblem(files, machine) { throw Failure(.badData, "\(files.snapshot): \(problem)") }
        if let problem = NondetLogSummary(of: files.log, longestData: machine.memory.bytes).problem {
            throw Failure(.badData, "\(files.log): \(problem)")
        }
    }

    private static func snapshotProblem(_ files: RecordingFiles, _ machine: Machine) -> String? {
        do {
            let head = try SnapshotHead(of: files.snapshot)
            guard head.memory != machine.memory.mebibytes << 20 else { return nil }
            let recorded = ByteSize(bytes: head.memory)
            return "it was recorded with \(recorded) of memory and cannot be replayed with \(machine.memory)"
        } catch {
            return error.description
        }
    }

    private static func file(_ path: HostPath) async throws -> Recording.File? {
        guard let bytes = FileSystem.size(path) else { return nil }
        return Recording.File(name: path.name, bytes: bytes, sha256: try await Digest.sha256(path))
    }
}
