public import HostSupport
public import Replays
import RunRecords
public import TraceStore
import Traces

/// Packs the two files of a recording, by themselves or against another recording's.
public struct RecordingPacker: Sendable {
    private let effort: Effort
    private let console: Console

    /// Prepares to pack.
    ///
    /// - Parameters:
    ///   - effort: How long to search.
    ///   - console: What a person is told meanwhile.
    public init(effort: Effort, console: Console) {
        self.effort = effort
        self.console = console
    }

    /// Packs a recording.
    ///
    /// - Parameters:
    ///   - item: The recording; what its run's record says of it is compared.
    ///   - reference: The recording that it is packed against; what its run's record says of it is believed, since
    ///     unpacking compares again.
    ///   - folder: Where to.
    ///   - replacing: Whether files that are there may be replaced.
    /// - Returns: What was made.
    /// - Throws: ``HostSupport/Failure``: `cannot-create` where files are there, `bad-data` where the recording is not
    ///   what was recorded, `interrupted`.
    public func pack(
        _ item: TraceSource.Item,
        against reference: TraceSource.Item?,
        into folder: HostPath,
        replacing: Bool
    ) async throws -> StoredRecording {
        let files = item.files
        let index = folder / (files.name + StoredRecording.suffix)
        let names = StoredRecording.names(of: files.name)
        for target in [index] + names.map({ folder / ($0 + ".zst") })
        where !replacing && FileSystem.exists(target) {
            throw Failure(.cannotCreate, "there is a file \(target) already", hint: "replace it with --force")
        }
        try FileSystem.createDirectory(folder)
        let sources = item.knownFiles
        let others = reference?.knownFiles.map { Optional($0) } ?? [nil, nil]
        var made: [StoredRecording.File] = []
        for ((source, other), name) in zip(zip(sources, others), names) {
            made.append(try await pack(source, other, folder / (name + ".zst")))
        }
        console.endProgress()
        let stored = StoredRecording(name: files.name, snapshot: made[0], log: made[1])
        try FileSystem.write(try JSONText.encode(stored), to: index)
        return stored
    }

    private func pack(_ file: KnownFile, _ reference: KnownFile?, _ target: HostPath) async throws
        -> StoredRecording.File
    {
        let source = file.path
        let packed = try await namingStore {
            try await FilePacker(effort: effort).pack(source, against: reference?.path, to: target) {
                [console] part in
                console.progress("packing \(source.name): \(Int(part * 100)) %")
            }
        }
        if let known = file.recorded, known.sha256 != packed.contents.sha256 {
            try FileSystem.remove(target)
            throw Failure(
                .badData,
                "\(source) is not what was recorded: its SHA-256 digest is \(packed.contents.sha256), and was \(known.sha256)"
            )
        }
        return StoredRecording.File(
            name: target.name,
            bytes: packed.packed.bytes,
            sha256: packed.packed.sha256,
            restored: Recording.File(
                name: source.name,
                bytes: packed.contents.bytes,
                sha256: packed.contents.sha256
            ),
            reference: try await reference?.facts()
        )
    }
}

/// A file of a recording, and what its run's record says of it.
private struct KnownFile {
    let path: HostPath
    let recorded: Recording.File?

    func facts() async throws -> Recording.File {
        if let recorded, FileSystem.size(path) == recorded.bytes { return recorded }
        return Recording.File(
            name: path.name,
            bytes: FileSystem.size(path) ?? 0,
            sha256: try await Digest.sha256(path)
        )
    }
}

extension TraceSource.Item {
    /// The snapshot and the log.
    fileprivate var knownFiles: [KnownFile] {
        [
            KnownFile(path: HostPath(files.snapshotPath), recorded: recording?.snapshot),
            KnownFile(path: HostPath(files.nondetLogPath), recorded: recording?.log),
        ]
    }
}
