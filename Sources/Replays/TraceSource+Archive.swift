public import HostSupport
public import TraceArchives

extension TraceSource {
    /// Finds what the user named and lends it; a recording that is in an archive is unpacked for as long.
    ///
    /// SIGINT and SIGTERM are taken over where there is an archive: it must not be left lying about unpacked.
    ///
    /// - Parameters:
    ///   - name: What ``init(_:collection:)`` takes, or an archive.
    ///   - collection: Where a run's id is looked up.
    ///   - limits: What to believe of an archive.
    ///   - console: What a person is told meanwhile.
    ///   - body: What to do with it.
    /// - Returns: What `body` returned.
    /// - Throws: What `body` throws; ``HostSupport/Failure`` where there is no such trace, with `bad-data` where the
    ///   archive cannot be believed.
    public static func lend<Result>(
        _ name: String,
        collection: HostPath,
        limits: ArchiveLimits = ArchiveLimits(),
        console: Console,
        _ body: (TraceSource) async throws -> Result
    ) async throws -> Result {
        guard let archive = try archive(name, limits: limits) else {
            return try await body(TraceSource(name, collection: collection))
        }
        let scratch = try ScratchFolder(in: try room(for: archive))
        defer { scratch.remove() }
        let unpacked = try await Interrupts.cancelling {
            try unpack(archive, into: scratch.path, limits: limits, console: console)
        }
        for warning in unpacked.contents.warnings { console.warning("\(archive.path): \(warning)") }
        return try await body(TraceSource(unpacked))
    }

    /// The archive that the user named; nothing where he named something else.
    ///
    /// - Throws: ``HostSupport/Failure`` where the file cannot be read, or is an archive of something else.
    public static func archive(_ name: String, limits: ArchiveLimits = ArchiveLimits()) throws
        -> TraceArchive?
    {
        let path = FileSystem.absolute(HostPath(name))
        guard !name.isEmpty, let real = FileSystem.resolved(path), FileSystem.isRegularFile(real) else {
            return nil
        }
        return try TraceArchive.naming(path) { try TraceArchive(path, limits: limits) }
    }

    /// Unpacks an archive and shows how far it is.
    static func unpack(
        _ archive: TraceArchive,
        into folder: HostPath,
        as name: String? = nil,
        limits: ArchiveLimits,
        replacing: Bool = false,
        console: Console
    ) throws -> UnpackedTrace {
        defer { console.endProgress() }
        return try TraceArchive.naming(archive.path) {
            try archive.unpack(into: folder, as: name, limits: limits, replacing: replacing) { part in
                console.progress("unpacking \(archive.path.name): \(Int(part * 100)) %")
            }
        }
    }

    /// Where to unpack an archive: the cache, or the folder for temporary files if only that has the room.
    private static func room(for archive: TraceArchive) throws -> HostPath {
        let cache = Storage.cache
        try FileSystem.createDirectory(cache)
        let temporary = Storage.temporary
        // A snapshot comes to a third or a sixth of its size.
        let wanted = archive.byteCount * 8
        let free = try FileSystem.freeSpace(at: cache).bytes
        guard free < wanted, let other = try? FileSystem.freeSpace(at: temporary).bytes, other > free else {
            return cache
        }
        return temporary
    }
}
