/// A piece of a file that lies in one piece of the disk.
public struct ExtRun: Sendable, Hashable {
    /// Where it begins in the file, in bytes.
    public let offset: UInt64
    /// Where it begins in the file system, in bytes.
    public let place: UInt64
    /// How many bytes it has.
    public let byteCount: UInt64
    /// Whether the disk has room for it, but no contents: it reads as zeroes.
    public let isUnwritten: Bool
}

extension ExtFileSystem {
    /// Where the contents of a file lie, in the order of the file; what is between the runs reads as zeroes.
    ///
    /// - Parameter inode: The file, directory or link.
    /// - Returns: The runs; none where the contents lie in the inode itself.
    /// - Throws: ``DiskFormatError`` where the map is damaged.
    public func runs(of inode: ExtInode) throws(DiskFormatError) -> [ExtRun] {
        guard !inode.has(ExtInode.Flag.inline) else { return [] }
        var list = RunList(inode: inode, superblock: superblock)
        if inode.has(ExtInode.Flag.extents) {
            try addExtents(inode.map, depth: nil, from: 0, to: &list)
        } else {
            let map = inode.map
            for index in 0..<12 { try list.add(block: UInt64(map.word(index * 4)), at: map.place) }
            for (level, index) in [(1, 12), (2, 13), (3, 14)] {
                try addIndirect(UInt64(map.word(index * 4)), level: level, to: &list)
            }
        }
        return list.runs
    }

    /// A node of a tree of extents.
    private func addExtents(
        _ node: Record,
        depth expected: Int?,
        from first: UInt64,
        to list: inout RunList
    ) throws(DiskFormatError) {
        func damaged(_ offset: Int, _ text: String) -> DiskFormatError {
            DiskFormatError(.invalidMapping, at: node.place + UInt64(offset), text)
        }
        guard node.half(0) == 0xf30a else {
            throw damaged(0, "expected f30a, the signature of an extent node")
        }
        let entries = Int(node.half(2))
        guard entries <= (node.count - 12) / 12 else {
            throw damaged(2, "expected up to \((node.count - 12) / 12) extents: found \(entries)")
        }
        let depth = Int(node.half(6))
        guard depth == expected ?? depth, depth <= 5 else {
            throw damaged(6, "expected a depth of \(expected ?? 5): found \(depth)")
        }
        var reached = first
        for index in 0..<entries {
            let base = 12 + 12 * index
            let logical = UInt64(node.word(base))
            guard logical >= reached else {
                throw damaged(base, "expected block \(reached) of the file or later: found \(logical)")
            }
            if depth == 0 {
                let length = UInt64(node.half(base + 4))
                let isUnwritten = length > 32768
                let count = isUnwritten ? length - 32768 : length
                let start = UInt64(node.word(base + 8)) | UInt64(node.half(base + 6)) << 32
                guard count > 0 else { throw damaged(base + 4, "expected an extent with blocks") }
                try list.add(logical, start, count, isUnwritten, at: node.place + UInt64(base))
                reached = logical + count
            } else {
                let child = UInt64(node.word(base + 4)) | UInt64(node.half(base + 8)) << 32
                guard child > 0, child < superblock.blocks else {
                    throw damaged(
                        base + 4,
                        "expected one of \(superblock.blocks) blocks: found block \(child)"
                    )
                }
                try addExtents(try block(child), depth: depth - 1, from: logical, to: &list)
                reached = max(logical, list.reached)
            }
        }
    }

    /// A block of block numbers, and those that it leads to.
    private func addIndirect(
        _ number: UInt64,
        level: Int,
        to list: inout RunList
    ) throws(DiskFormatError) {
        let perBlock = superblock.blockBytes / 4
        let span = (1..<level).reduce(UInt64(1)) { all, _ in all * perBlock } * perBlock
        guard number != 0, !list.isComplete else {
            list.skip(span)
            return
        }
        let node = try block(number)
        for index in 0..<Int(perBlock) {
            if list.isComplete { return }
            let next = UInt64(node.word(index * 4))
            if level == 1 {
                try list.add(block: next, at: node.place + UInt64(index * 4))
            } else {
                try addIndirect(next, level: level - 1, to: &list)
            }
        }
    }
}

/// The runs of a file while they are gathered.
private struct RunList {
    private let superblock: ExtSuperblock
    private let size: UInt64
    private(set) var runs: [ExtRun] = []
    /// The block of the file behind the last run, or behind the last hole.
    private(set) var reached: UInt64 = 0
    private var mapped: UInt64 = 0

    init(inode: ExtInode, superblock: ExtSuperblock) {
        self.superblock = superblock
        size =
            inode.byteCount / superblock.blockBytes + (inode.byteCount % superblock.blockBytes == 0 ? 0 : 1)
    }

    /// Whether all blocks of the file were seen.
    var isComplete: Bool { reached >= size }

    mutating func skip(_ blocks: UInt64) { reached += blocks }

    /// The next block of the file; 0 is a hole.
    mutating func add(block: UInt64, at place: UInt64) throws(DiskFormatError) {
        guard block != 0 else {
            reached += 1
            return
        }
        try add(reached, block, 1, false, at: place)
    }

    mutating func add(
        _ logical: UInt64,
        _ start: UInt64,
        _ count: UInt64,
        _ isUnwritten: Bool,
        at place: UInt64
    ) throws(DiskFormatError) {
        guard start > 0, start < superblock.blocks, count <= superblock.blocks - start else {
            throw DiskFormatError(
                .invalidMapping,
                at: place,
                "expected blocks below \(superblock.blocks): found \(count) from block \(start)"
            )
        }
        mapped += count
        guard mapped <= superblock.blocks, runs.count < ExtFileSystem.Limit.runs else {
            throw DiskFormatError(.tooMuch, at: place, "expected a file that fits on the disk")
        }
        reached = logical + count
        let unit = superblock.blockBytes
        let run = ExtRun(
            offset: logical * unit,
            place: start * unit,
            byteCount: count * unit,
            isUnwritten: isUnwritten
        )
        if let last = runs.last, last.isUnwritten == isUnwritten, last.offset + last.byteCount == run.offset,
            last.place + last.byteCount == run.place
        {
            runs[runs.count - 1] = ExtRun(
                offset: last.offset,
                place: last.place,
                byteCount: last.byteCount + run.byteCount,
                isUnwritten: isUnwritten
            )
        } else {
            runs.append(run)
        }
    }
}
