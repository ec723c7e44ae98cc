public import HostSupport

/// A folder as one uncompressed tar: the same files come to the same bytes, on any machine and at any time.
public enum FolderArchive {
    /// A file of a tar.
    public struct Member: Sendable, Hashable {
        /// Its path in the tar.
        public let path: String
        /// Its size in bytes.
        public let bytes: UInt64
    }

    /// Writes a tar of files of a folder.
    ///
    /// - Parameters:
    ///   - files: The files, relative to the folder.
    ///   - folder: The folder.
    ///   - name: The folder that they lie in within the tar.
    ///   - target: The tar; a file of that name is replaced when the new one is whole.
    /// - Throws: ``HostSupport/Failure`` where a file cannot be read or written, `interrupted` where the user asked for
    ///   the end; nothing is left then.
    public static func write(_ files: [String], of folder: HostPath, named name: String, to target: HostPath)
        throws
    {
        try naming(target) {
            let draft = try FileConsumer(for: target)
            let tar = try TarWriter(draft)
            for file in files.sorted() {
                let source = try FileProducer(folder / file, followsLinks: false)
                try tar.begin("\(name)/\(file)", size: source.byteCount)
                var left = source.byteCount
                while let block = try source.next() {
                    guard block.count <= left else {
                        throw Failure(.badData, "\(folder / file) was changed while it was read")
                    }
                    left -= UInt64(block.count)
                    try tar.write(block)
                }
                guard left == 0 else {
                    throw Failure(.badData, "\(folder / file) was changed while it was read")
                }
            }
            try tar.finish()
            try draft.publish(replacing: true)
        }
    }

    /// Unpacks a tar of one folder, of which nothing is believed: names lead nowhere but into the folder, and there are
    /// files and folders only.
    ///
    /// - Parameters:
    ///   - archive: The tar.
    ///   - folder: An empty folder.
    ///   - most: The most files that it may have.
    ///   - progress: Told the part that has been read, from 0 to 1.
    /// - Returns: The name of the one folder that was in it.
    /// - Throws: ``HostSupport/Failure`` with `bad-data` where it cannot be believed, `cannot-create` where it does not
    ///   fit on the disk.
    public static func unpack(
        _ archive: HostPath,
        into folder: HostPath,
        most: Int = 1_000_000,
        progress: (Double) -> Void = { _ in }
    ) throws -> String {
        try naming(archive) {
            let input = try FileProducer(archive, followsLinks: true)
            let room = try FileSystem.freeSpace(at: folder)
            guard input.byteCount <= room.bytes else {
                throw Failure(
                    .cannotCreate,
                    "\(archive) needs \(ByteSize(bytes: input.byteCount)), and \(folder) has room for \(room)"
                )
            }
            let tar = try TarReader(input)
            var top: String?
            var count = 0
            while let member = try tar.next() {
                let parts = try parts(of: member)
                guard top == nil || top == parts[0] else {
                    throw TraceArchiveError(
                        .unsafeName,
                        member: parts.joined(separator: "/"),
                        "expected all files in the folder '\(top ?? "")'"
                    )
                }
                top = parts[0]
                if member.kind == .folder { continue }
                count += 1
                guard member.kind == .file, parts.count > 1 else {
                    throw TraceArchiveError(
                        .unsafeMember,
                        member: parts.joined(separator: "/"),
                        "expected a file in a folder: found \(member.kind.rawValue)"
                    )
                }
                guard count <= most else {
                    throw TraceArchiveError(.tooLarge, "it has more than \(most) files")
                }
                let target = folder / parts.joined(separator: "/")
                try FileSystem.createDirectory(target.parent)
                let draft = try FileConsumer(for: target)
                try tar.read(member) { try draft.write($0) }
                try draft.finish()
                do {
                    try draft.publish(replacing: false)
                } catch {
                    throw TraceArchiveError(
                        .duplicateMember,
                        member: parts.joined(separator: "/"),
                        "two files have this name"
                    )
                }
                progress(Double(input.consumed) / Double(max(1, input.byteCount)))
            }
            guard let top else { throw TraceArchiveError(.missingMember, "it is empty") }
            return top
        }
    }

    private static func parts(of member: TarMember) throws -> [String] {
        guard let name = member.name else {
            throw TraceArchiveError(.unsafeName, at: member.offset, "a name is no UTF-8")
        }
        let trimmed = member.kind == .folder && name.hasSuffix("/") ? String(name.dropLast()) : name
        let parts = trimmed.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false).map(
            String.init
        )
        let isSafe = parts.allSatisfy { part in
            !part.isEmpty && part != "." && part != ".." && part.utf8.count <= 255
                && part == Console.printable(part)
        }
        guard isSafe, parts.count <= 16 else {
            throw TraceArchiveError(
                .unsafeName,
                member: Console.printable(String(name.prefix(200))),
                at: member.offset,
                "this name could lead elsewhere"
            )
        }
        return parts
    }

    private static func naming<Result>(_ path: HostPath, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as TraceArchiveError {
            throw Failure(.badData, "\(path): \(error)")
        } catch is CancellationError {
            throw Failure(.interrupted, "interrupted")
        }
    }
}
