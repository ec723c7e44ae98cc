public import HostSupport
public import RunRecords
public import TraceStore
public import Traces

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
    ///   - files: Its two files.
    ///   - recorded: What its run's record says of it, which is compared; nothing where it belongs to no run.
    ///   - reference: The two files of the recording that it is packed against.
    ///   - folder: Where to.
    ///   - replacing: Whether files that are there may be replaced.
    /// - Returns: What was made.
    /// - Throws: ``HostSupport/Failure``: `cannot-create` where files are there, `bad-data` where the recording is not
    ///   what was recorded, `interrupted`.
    public func pack(
        _ files: RecordingFiles,
        recorded: Recording?,
        against reference: RecordingFiles?,
        into folder: HostPath,
        replacing: Bool
    ) async throws -> StoredRecording {
        let index = folder / (files.name + StoredRecording.suffix)
        let names = StoredRecording.names(of: files.name)
        for target in [index] + names.map({ folder / ($0 + ".zst") })
        where !replacing && FileSystem.exists(target) {
            throw Failure(.cannotCreate, "there is a file \(target) already", hint: "replace it with --force")
        }
        try FileSystem.createDirectory(folder)
        let pairs = zip(
            [files.snapshotPath, files.nondetLogPath],
            [reference?.snapshotPath, reference?.nondetLogPath]
        )
        let known = [recorded?.snapshot, recorded?.log]
        var made: [StoredRecording.File] = []
        for ((source, other), (name, known)) in zip(pairs, zip(names, known)) {
            made.append(
                try await pack(HostPath(source), other.map { HostPath($0) }, folder / (name + ".zst"), known)
            )
        }
        console.endProgress()
        let stored = StoredRecording(name: files.name, snapshot: made[0], log: made[1])
        try FileSystem.write(try JSONText.encode(stored), to: index)
        return stored
    }

    private func pack(
        _ source: HostPath,
        _ reference: HostPath?,
        _ target: HostPath,
        _ known: Recording.File?
    )
        async throws -> StoredRecording.File
    {
        let packed = try await namingStore {
            try await FilePacker(effort: effort).pack(source, against: reference, to: target) {
                [console] part in
                console.progress("packing \(source.name): \(Int(part * 100)) %")
            }
        }
        if let known, known.sha256 != packed.contents.sha256 {
            try FileSystem.remove(target)
            throw Failure(
                .badData,
                "\(source) is not what was recorded: its SHA-256 digest is \(packed.contents.sha256), and was \(known.sha256)"
            )
        }
        var other: StoredRecording.Reference?
        if let reference {
            other = Recording.File(
                name: reference.name,
                bytes: FileSystem.size(reference) ?? 0,
                sha256: try await Digest.sha256(reference)
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
            reference: other
        )
    }
}
