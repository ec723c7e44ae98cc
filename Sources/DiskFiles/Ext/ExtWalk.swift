/// A file with its path.
public struct ExtEntry: Sendable, Hashable {
    /// The path from the root, which is empty itself: `/etc/passwd`.
    public let path: [UInt8]
    /// The file.
    public let inode: ExtInode
}

/// All files of a file system, or of a directory: each directory before what is in it.
///
/// A file with several names comes once for each. A directory with several names is an error, since that makes circles.
public struct ExtWalk {
    private let fileSystem: ExtFileSystem
    private var waiting: [(path: [UInt8], number: UInt32)]
    private var directories: Set<UInt32> = []
    private var count = 0
    private var pathBytes = 0

    /// Starts at a directory.
    ///
    /// - Parameters:
    ///   - fileSystem: The file system.
    ///   - entry: The directory; the root by default. It does not come itself.
    /// - Throws: ``DiskFormatError`` where it is none.
    public init(_ fileSystem: ExtFileSystem, from entry: ExtEntry? = nil) throws(DiskFormatError) {
        self.fileSystem = fileSystem
        waiting = []
        if let entry {
            try enter(entry)
        } else {
            try enter(ExtEntry(path: [], inode: try fileSystem.inode(ExtFileSystem.root)))
        }
    }

    /// The next file.
    ///
    /// - Returns: The file, or nothing at the end.
    /// - Throws: ``DiskFormatError`` where something is damaged.
    public mutating func next() throws(DiskFormatError) -> ExtEntry? {
        guard let (path, number) = waiting.popLast() else { return nil }
        let entry = ExtEntry(path: path, inode: try fileSystem.inode(number))
        if entry.inode.kind == .directory { try enter(entry) }
        return entry
    }

    private mutating func enter(_ directory: ExtEntry) throws(DiskFormatError) {
        guard directories.insert(directory.inode.number).inserted else {
            throw DiskFormatError(
                .invalidDirectory,
                at: directory.inode.offset,
                "expected one name for directory \(directory.inode.number): found another"
            )
        }
        let entries = try fileSystem.entries(of: directory.inode)
        count += entries.count
        for entry in entries.reversed() {
            let path = directory.path + [UInt8(ascii: "/")] + entry.name
            pathBytes += path.count
            guard path.count <= ExtFileSystem.Limit.path, count <= ExtFileSystem.Limit.files,
                pathBytes <= ExtFileSystem.Limit.paths
            else {
                throw DiskFormatError(
                    .tooMuch,
                    at: directory.inode.offset,
                    "expected up to \(ExtFileSystem.Limit.files) files with paths of up to "
                        + "\(ExtFileSystem.Limit.path) bytes"
                )
            }
            waiting.append((path, entry.inode))
        }
    }
}
