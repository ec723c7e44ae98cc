public import HostSupport
public import Traces

/// An archive that was made of a recording's two files.
public struct PackedTrace: Hashable, Sendable {
    /// The archive.
    public let archive: TraceArchive
    /// The snapshot in it.
    public let snapshot: ArchiveContents.File
    /// The log in it.
    public let log: ArchiveContents.File
    /// What is not as it should be with the recording.
    public let warnings: [String]
    /// How much memory the recorded machine had, in bytes.
    public let memoryBytes: UInt64
    /// Whether neither file is cut, so that an engine can replay it.
    public let isWhole: Bool
}

extension TraceArchive {
    /// Packs a recording's two files into an archive, which is read back before it gets its name.
    ///
    /// The same files and description come to the same bytes, on any machine and at any time. The files are not
    /// changed.
    ///
    /// - Parameters:
    ///   - files: The two files.
    ///   - form: The archive's form; not ``TraceForm/files``.
    ///   - target: What to call the archive.
    ///   - description: What else is known.
    ///   - replacing: Whether a file of that name may be replaced.
    ///   - progress: Told the part that is done, from 0 to 1.
    /// - Returns: The archive, and the digests of what is in it.
    /// - Throws: ``TraceArchiveError`` with `unsoundTrace` where the files are no recording;
    ///   ``HostSupport/Failure`` where a file cannot be read or written, or the archive is there already;
    ///   `CancellationError` where the task was cancelled or the user asked for the end.
    public static func pack(
        _ files: RecordingFiles,
        as form: TraceForm,
        to target: HostPath,
        description: TraceDescription,
        replacing: Bool = false,
        progress: @escaping (Double) -> Void = { _ in }
    ) throws -> PackedTrace {
        try FileConsumer.requireFree(target, replacing: replacing)
        let sound = try TraceSoundness(snapshot: files.snapshotPath, log: files.nondetLogPath)
        let draft = try FileConsumer(for: target)
        let total = Double(max(1, sound.head.byteCount + sound.log.byteCount))
        var packing = Packing(files: files, description: description, sound: sound) { bytes in
            // Reading back takes about a tenth of the time.
            progress(0.9 * Double(bytes) / total)
        }
        switch form {
        case .rr2: try packing.writeRR2(to: draft)
        case .rr: try packing.writeRR(to: draft)
        case .rrarchive: try packing.writeRRArchive(to: draft)
        case .files: throw Failure(.internal, "two files are no archive")
        }
        let size = Double(max(1, FileSystem.size(draft.draft) ?? 1))
        // What was just packed may be of any size and ratio.
        let limits = ArchiveLimits(unpackedBytes: .max, ratio: .max)
        let found = try reader(draft.draft, limits)?.read(progress: {
            progress(0.9 + 0.1 * Double($0) / size)
        })
        guard let found, found.form == form, found.snapshot == packing.snapshot, found.log == packing.log
        else {
            throw Failure(
                .inputOutput,
                "what was written for \(target) does not read back as what was packed",
                hint: "the disk or the memory of this machine may be at fault"
            )
        }
        try draft.publish(replacing: replacing)
        guard let archive = try TraceArchive(target, limits: limits) else {
            throw Failure(.inputOutput, "\(target) is gone")
        }
        return PackedTrace(
            archive: archive,
            snapshot: found.snapshot,
            log: found.log,
            warnings: sound.warnings,
            memoryBytes: sound.head.machineRAMBytes,
            isWhole: sound.isWhole
        )
    }
}
