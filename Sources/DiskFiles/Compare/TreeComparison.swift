/// Finds what differs between two states of a file system, a directory at a time.
///
/// A file whose inode is the same, but for the time it was read last, is taken to be the same: whatever writes through a
/// file system leaves a trace there. Contents are compared where inodes differ, or always on demand. A renamed file is
/// one that was deleted and one that was added. Of a directory neither times nor size are compared, since what is in it
/// changes them.
public struct TreeComparison {
    private let before: ExtFileSystem
    private let after: ExtFileSystem
    private let comparesAllContents: Bool
    private var waiting: [(path: [UInt8], before: ExtInode?, after: ExtInode?)]
    private var directoriesBefore: Set<UInt32> = []
    private var directoriesAfter: Set<UInt32> = []
    private var count = 0
    private var pathBytes = 0

    /// Starts at the roots.
    ///
    /// - Parameters:
    ///   - before: The first state.
    ///   - after: The second state.
    ///   - comparesAllContents: Whether contents are compared of files with the same inode, too.
    /// - Throws: ``DiskFormatError`` where a root is damaged.
    public init(
        before: ExtFileSystem,
        after: ExtFileSystem,
        comparesAllContents: Bool = false
    ) throws(DiskFormatError) {
        self.before = before
        self.after = after
        self.comparesAllContents = comparesAllContents
        waiting = [
            ([], try before.inode(ExtFileSystem.root), try after.inode(ExtFileSystem.root))
        ]
    }

    /// Compares the next directory.
    ///
    /// - Returns: What differs there, in no particular order; nothing at the end.
    /// - Throws: ``DiskFormatError`` where something is damaged.
    public mutating func next() throws(DiskFormatError) -> [FileChange]? {
        guard let (path, old, new) = waiting.popLast() else { return nil }
        let left = try names(old, in: before, seen: &directoriesBefore)
        let right = try names(new, in: after, seen: &directoriesAfter)
        var changes: [FileChange] = []
        if path.isEmpty, let old, let new, let change = try change([UInt8(ascii: "/")], old, new) {
            changes.append(change)
        }
        for (name, number) in left {
            let path = try grown(path, by: name)
            let old = try before.inode(number)
            if let other = right[name] {
                let new = try after.inode(other)
                if let change = try change(path, old, new) { changes.append(change) }
                descend(path, old, new)
            } else {
                changes.append(FileChange(kind: .deleted, path: path, aspects: [], before: old, after: nil))
                descend(path, old, nil)
            }
        }
        for (name, number) in right where left[name] == nil {
            let path = try grown(path, by: name)
            let new = try after.inode(number)
            changes.append(FileChange(kind: .added, path: path, aspects: [], before: nil, after: new))
            descend(path, nil, new)
        }
        return changes
    }

    private mutating func descend(_ path: [UInt8], _ old: ExtInode?, _ new: ExtInode?) {
        let left = old?.kind == .directory ? old : nil
        let right = new?.kind == .directory ? new : nil
        if left != nil || right != nil { waiting.append((path, left, right)) }
    }

    private func names(
        _ directory: ExtInode?,
        in fileSystem: ExtFileSystem,
        seen: inout Set<UInt32>
    ) throws(DiskFormatError) -> [[UInt8]: UInt32] {
        guard let directory else { return [:] }
        guard seen.insert(directory.number).inserted else {
            throw DiskFormatError(
                .invalidDirectory,
                at: directory.offset,
                "expected one name for directory \(directory.number): found another"
            )
        }
        var names: [[UInt8]: UInt32] = [:]
        for entry in try fileSystem.entries(of: directory) {
            guard names.updateValue(entry.inode, forKey: entry.name) == nil else {
                throw DiskFormatError(
                    .invalidDirectory,
                    at: directory.offset,
                    "expected each name once in directory \(directory.number)"
                )
            }
        }
        return names
    }

    private mutating func grown(_ path: [UInt8], by name: [UInt8]) throws(DiskFormatError) -> [UInt8] {
        let path = path + [UInt8(ascii: "/")] + name
        count += 1
        pathBytes += path.count
        guard path.count <= ExtFileSystem.Limit.path, count <= 2 * ExtFileSystem.Limit.files,
            pathBytes <= 2 * ExtFileSystem.Limit.paths
        else {
            throw DiskFormatError(
                .tooMuch,
                "expected up to \(ExtFileSystem.Limit.files) files with paths of up to "
                    + "\(ExtFileSystem.Limit.path) bytes"
            )
        }
        return path
    }

    private func change(_ path: [UInt8], _ old: ExtInode, _ new: ExtInode) throws(DiskFormatError)
        -> FileChange?
    {
        if old.isSame(as: new), !comparesAllContents || old.kind != .file { return nil }
        var aspects: [FileChange.Aspect] = []
        if old.kind != new.kind {
            aspects.append(.type)
        } else if try !hasSameContents(old, new) {
            aspects.append(.content)
        }
        if old.mode != new.mode { aspects.append(.mode) }
        if (old.user, old.group) != (new.user, new.group) { aspects.append(.owner) }
        if old.kind != .directory || new.kind != .directory, old.modified != new.modified {
            aspects.append(.modified)
        }
        let attributes = (try before.attributes(of: old), try after.attributes(of: new))
        if old.chosenFlags != new.chosenFlags || attributes.0 != attributes.1 {
            aspects.append(.attributes)
        }
        guard !aspects.isEmpty else { return nil }
        return FileChange(kind: .changed, path: path, aspects: aspects, before: old, after: new)
    }

    private func hasSameContents(_ old: ExtInode, _ new: ExtInode) throws(DiskFormatError) -> Bool {
        switch old.kind {
        case .file: try before.hasSameContents(old, as: new, in: after)
        case .link: try before.target(of: old) == after.target(of: new)
        case .characterDevice, .blockDevice: old.device == new.device
        case .directory, .pipe, .socket, .unknown: true
        }
    }
}

extension ExtInode {
    /// The flags that chattr(1) sets, and not those that tell how the file system keeps the file.
    fileprivate var chosenFlags: UInt32 {
        // Secure deletion, undelete, compress, synchronous, immutable, append only, no dump, no access time,
        // journalled data, no tail merging, synchronous directory, top of directories, no copy on write, project.
        flags & (0xff | 0x4000 | 0x8000 | 0x10000 | 0x20000 | 0x80_0000 | 0x2000_0000)
    }
}
