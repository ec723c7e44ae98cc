import Glibc

extension ExtFileSystem {
    /// The contents that lie in the inode itself; `nil` where they do not.
    func inlineContents(of inode: ExtInode) throws(DiskFormatError) -> [UInt8]? {
        guard inode.has(ExtInode.Flag.inline) else { return nil }
        var bytes = inode.map.bytes
        if let more = try inodeAttributes(of: inode).first(where: \.isInlineData) { bytes += more.value }
        guard inode.byteCount <= UInt64(bytes.count) else {
            throw DiskFormatError(
                .invalidInode,
                at: inode.offset + 4,
                "expected up to \(bytes.count) bytes in the inode: found a size of \(inode.byteCount)"
            )
        }
        return Array(bytes.prefix(Int(inode.byteCount)))
    }

    /// Reads all of a small file.
    ///
    /// - Parameters:
    ///   - inode: The file.
    ///   - limit: The most bytes that it may have.
    /// - Returns: Its contents.
    /// - Throws: ``DiskFormatError`` where it is larger, or damaged.
    public func contents(of inode: ExtInode, limit: Int) throws(DiskFormatError) -> [UInt8] {
        guard inode.byteCount <= UInt64(max(0, limit)) else {
            throw DiskFormatError(
                .tooMuch,
                at: inode.offset + 4,
                "expected up to \(limit) bytes: found a size of \(inode.byteCount)"
            )
        }
        if let inline = try inlineContents(of: inode) { return inline }
        return try read(try runs(of: inode), at: 0, count: Int(inode.byteCount))
    }

    /// Reads the beginning of a file.
    ///
    /// - Parameters:
    ///   - inode: The file.
    ///   - count: How many bytes to read.
    /// - Returns: Its first bytes, as many as it has up to `count`.
    /// - Throws: ``DiskFormatError`` where it is damaged.
    public func head(of inode: ExtInode, count: Int) throws(DiskFormatError) -> [UInt8] {
        if let inline = try inlineContents(of: inode) { return Array(inline.prefix(count)) }
        return try read(try runs(of: inode), at: 0, count: Int(min(inode.byteCount, UInt64(max(0, count)))))
    }

    /// Where a symbolic link leads.
    ///
    /// - Parameter inode: The link.
    /// - Returns: The path in it.
    /// - Throws: ``DiskFormatError`` where it is damaged.
    public func target(of inode: ExtInode) throws(DiskFormatError) -> [UInt8] {
        let isMapped = inode.has(ExtInode.Flag.extents) || inode.has(ExtInode.Flag.inline)
        if inode.byteCount < 60, !isMapped { return inode.map.slice(0..<Int(inode.byteCount)) }
        return try contents(of: inode, limit: 65536)
    }

    /// Reads bytes of a file whose runs are known.
    func read(_ runs: [ExtRun], at offset: UInt64, count: Int) throws(DiskFormatError) -> [UInt8] {
        let end = offset + UInt64(count)
        var bytes = zeroes(count)
        for run in runs[firstRun(runs, behind: offset)...] {
            if run.offset >= end { break }
            if run.isUnwritten { continue }
            let from = max(run.offset, offset)
            let to = min(run.offset + run.byteCount, end)
            guard from < to else { continue }
            try charge((to - from) / superblock.blockBytes + 1)
            let part = try region.read(at: run.place + (from - run.offset), count: Int(to - from))
            bytes.withUnsafeMutableBytes { buffer in
                UnsafeMutableRawBufferPointer(rebasing: buffer[Int(from - offset)...]).copyBytes(from: part)
            }
        }
        return bytes
    }

    /// The index of the first run that ends behind a byte of the file.
    private func firstRun(_ runs: [ExtRun], behind offset: UInt64) -> Int {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].offset + runs[middle].byteCount > offset {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }

    /// Whether two files of the same size have the same contents; holes are zeroes.
    ///
    /// - Parameters:
    ///   - inode: A file of this file system.
    ///   - other: A file of the other one.
    ///   - fileSystem: The other file system.
    /// - Returns: Whether they have.
    /// - Throws: ``DiskFormatError`` where one of them is damaged.
    public func hasSameContents(
        _ inode: ExtInode,
        as other: ExtInode,
        in fileSystem: ExtFileSystem
    ) throws(DiskFormatError) -> Bool {
        guard inode.byteCount == other.byteCount else { return false }
        let size = inode.byteCount
        let left = try ContentSource(self, inode)
        let right = try ContentSource(fileSystem, other)
        var position: UInt64 = 0
        while position < size {
            // Where both have holes nothing needs to be compared.
            guard let next = [left, right].compactMap({ $0.data(from: position) }).min(), next < size else {
                return true
            }
            position = next
            let count = Int(min(size - position, 1 << 20))
            guard try left.read(at: position, count) == right.read(at: position, count) else { return false }
            position += UInt64(count)
        }
        return true
    }

    /// The contents of a file, wherever they lie.
    private struct ContentSource {
        private let fileSystem: ExtFileSystem
        private let inline: [UInt8]?
        private let runs: [ExtRun]

        init(_ fileSystem: ExtFileSystem, _ inode: ExtInode) throws(DiskFormatError) {
            self.fileSystem = fileSystem
            inline = try fileSystem.inlineContents(of: inode)
            runs = try fileSystem.runs(of: inode)
        }

        /// The first byte from `position` on that is not in a hole.
        func data(from position: UInt64) -> UInt64? {
            if let inline { return position < UInt64(inline.count) ? position : nil }
            for run in runs[fileSystem.firstRun(runs, behind: position)...] where !run.isUnwritten {
                return max(position, run.offset)
            }
            return nil
        }

        func read(at position: UInt64, _ count: Int) throws(DiskFormatError) -> [UInt8] {
            guard let inline else { return try fileSystem.read(runs, at: position, count: count) }
            // The other one may have more in this window only where it is damaged: sizes are the same.
            let start = min(Int(position), inline.count)
            let part = inline[start..<min(inline.count, start + count)]
            return part + zeroes(count - part.count)
        }
    }
}

/// Zeroes, of which a debug build makes many in no time, too.
private func zeroes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        if let base = buffer.baseAddress { memset(base, 0, count) }
        filled = count
    }
}
