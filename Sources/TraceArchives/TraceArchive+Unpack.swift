public import HostSupport
public import Traces

/// A recording that came out of an archive.
public struct UnpackedTrace: Hashable, Sendable {
    /// The two files.
    public let files: RecordingFiles
    /// What the archive was found to hold; its warnings include those about the files.
    public let contents: ArchiveContents
    /// How much memory the recorded machine had, in bytes.
    public let memoryBytes: UInt64
    /// Whether neither file is cut, so that an engine can replay it.
    public let isWhole: Bool
}

extension TraceArchive {
    /// Makes sure that a name is free, or that what has it is a file that may be replaced.
    ///
    /// - Parameters:
    ///   - target: The name.
    ///   - replacing: Whether a file of that name may be replaced.
    /// - Throws: ``HostSupport/Failure`` with `cannot-create`.
    public static func requireFree(_ target: HostPath, replacing: Bool) throws {
        try FileConsumer.requireFree(target, replacing: replacing)
    }

    /// The recording's name: the archive's own word, or else the file's name without what is behind it.
    ///
    /// - Parameter inner: What the archive says: ``ArchiveContents/name``.
    /// - Returns: A name that is one component of a path, does not begin with a dot, and has no control characters.
    /// - Throws: ``TraceArchiveError`` with `unsafeName` where there is none such.
    public func name(_ inner: String?) throws -> String {
        let outer = path.name.hasSuffix(".rr2") ? String(path.name.dropLast(4)) : path.name
        let name = inner.map { HostPath($0).name } ?? outer
        guard Self.isSafe(name) else {
            throw TraceArchiveError(
                .unsafeName,
                member: Console.printable(String(name.prefix(200))),
                "this is no name for a recording; give another one with --name"
            )
        }
        return name
    }

    /// Whether a recording may be called so.
    public static func isSafe(_ name: String) -> Bool {
        !name.isEmpty && !name.unicodeScalars.contains("/") && name.unicodeScalars.first != "."
            && name.utf8.count <= 200
            && name == Console.printable(name)
    }

    /// Unpacks the recording's two files into a folder: both, or none.
    ///
    /// They are compared with the archive's digests, and looked at, before they get their names. Whatever else is in
    /// the archive is not written, and its permissions, owners and times are not used.
    ///
    /// - Parameters:
    ///   - folder: The folder, which exists.
    ///   - wanted: What to call the recording, instead of what the archive says; ``isSafe(_:)`` says yes to it.
    ///   - limits: What to believe of the archive.
    ///   - replacing: Whether files of these names may be replaced.
    ///   - progress: Told the part that has been read, from 0 to 1.
    /// - Returns: The files, and what the archive holds.
    /// - Throws: ``TraceArchiveError`` where the archive cannot be believed; ``HostSupport/Failure`` where a file
    ///   cannot be read or written, is there already, or does not fit on the disk; `CancellationError` where the task
    ///   was cancelled or the user asked for the end.
    public func unpack(
        into folder: HostPath,
        as wanted: String? = nil,
        limits: ArchiveLimits = ArchiveLimits(),
        replacing: Bool = false,
        progress: (Double) -> Void = { _ in }
    ) throws -> UnpackedTrace {
        var drafts: [MemberPart: FileConsumer] = [:]
        func draft(_ part: MemberPart, _ recording: String?, _ size: UInt64) throws -> any ByteConsumer {
            let files = RecordingFiles(name: try wanted ?? name(recording), in: folder.string)
            let target = HostPath(part == .snapshot ? files.snapshotPath : files.nondetLogPath)
            try FileConsumer.requireFree(target, replacing: replacing)
            let room = try FileSystem.freeSpace(at: folder)
            guard size <= room.bytes else {
                throw Failure(
                    .cannotCreate,
                    "\(path) unpacks to a file of \(ByteSize(bytes: size)), and \(folder) has room for \(room)"
                )
            }
            let draft = try FileConsumer(for: target)
            drafts[part] = draft
            return draft
        }
        var contents = try reader(limits).read(progress: { progress(self.part($0)) }, into: draft)
        guard let snapshot = drafts[.snapshot], let log = drafts[.log] else {
            throw TraceArchiveError(.missingMember, "it has no recording")
        }
        let sound = try TraceSoundness(snapshot: snapshot.draft.string, log: log.draft.string)
        contents.warnings += sound.warnings
        if let memory = contents.memoryMebibytes, memory << 20 != sound.head.machineRAMBytes {
            contents.warnings.append(
                "the archive speaks of \(memory) MiB of memory, and the snapshot has "
                    + "\(ByteSize(bytes: sound.head.machineRAMBytes))"
            )
        }
        try FileConsumer.publish([snapshot, log], replacing: replacing)
        return UnpackedTrace(
            files: RecordingFiles(name: try wanted ?? name(contents.name), in: folder.string),
            contents: contents,
            memoryBytes: sound.head.machineRAMBytes,
            isWhole: sound.isWhole
        )
    }
}
