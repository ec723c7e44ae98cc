public import HostSupport

/// A recording in one file: its form is told by what is in the file, whatever it is called.
public struct TraceArchive: Sendable, Hashable {
    /// Where it is.
    public let path: HostPath
    /// Its form, which is never ``TraceForm/files``.
    public let form: TraceForm
    /// Its size in bytes.
    public let byteCount: UInt64

    /// Looks at a file, without reading more of it than tells its form; there is none where it begins as no archive
    /// does.
    ///
    /// - Parameters:
    ///   - path: The file, which may be reached by a symbolic link.
    ///   - limits: What to believe of it.
    /// - Throws: ``TraceArchiveError`` where it is an archive that cannot be read or is none of a recording;
    ///   ``HostSupport/Failure`` where the file cannot be read.
    public init?(_ path: HostPath, limits: ArchiveLimits = ArchiveLimits()) throws {
        guard let reader = try Self.reader(path, limits) else { return nil }
        self.path = path
        form = reader.form
        byteCount = FileSystem.size(path) ?? 0
    }

    /// Reads all of it without writing anything, and compares it with its own digests.
    ///
    /// - Parameters:
    ///   - limits: What to believe of it.
    ///   - progress: Told the part that has been read, from 0 to 1.
    /// - Returns: What is in it.
    /// - Throws: ``TraceArchiveError`` where it cannot be believed; ``HostSupport/Failure`` where the file cannot be
    ///   read; `CancellationError` where the task was cancelled or the user asked for the end.
    public func examine(
        limits: ArchiveLimits = ArchiveLimits(),
        progress: (Double) -> Void = { _ in }
    ) throws -> ArchiveContents {
        try reader(limits).read(progress: { progress(part($0)) })
    }

    /// Reads an archive that is in memory already, as ``examine(limits:progress:)`` does.
    ///
    /// This is what a fuzzing harness calls: nothing is written, and nothing but the bytes is read.
    ///
    /// - Returns: What is in it; nothing where the bytes begin as no archive does.
    /// - Throws: ``TraceArchiveError``.
    public static func examine(
        bytes: some Collection<UInt8>,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws -> ArchiveContents? {
        try ArchiveReader(limits: limits) { MemoryProducer(bytes, from: Int($0)) }?.read()
    }

    func part(_ bytes: UInt64) -> Double { Double(bytes) / Double(max(1, byteCount)) }

    func reader(_ limits: ArchiveLimits) throws -> ArchiveReader {
        guard let reader = try Self.reader(path, limits), reader.form == form else {
            throw TraceArchiveError(.unknownForm, "the file is another one than it was a moment ago")
        }
        return reader
    }

    static func reader(_ path: HostPath, _ limits: ArchiveLimits) throws -> ArchiveReader? {
        try ArchiveReader(limits: limits) { offset in
            let file = try FileProducer(path, followsLinks: true)
            try file.seek(to: offset)
            return file
        }
    }
}
