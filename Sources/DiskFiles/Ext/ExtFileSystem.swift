/// An ext2, ext3 or ext4 file system, read without mounting it.
///
/// Nothing on the disk is believed: what leads nowhere, in circles or to more than a disk of that size can hold is an
/// error. A journal is not replayed; see ``ExtSuperblock/needsRecovery``.
public final class ExtFileSystem {
    /// Limits to what is read.
    public enum Limit {
        /// The longest path in bytes.
        public static let path = 4096
        /// The most files.
        public static let files = 4_000_000
        /// The most bytes that all paths together have.
        public static let paths = 512 << 20
        /// The most bytes of a directory.
        public static let directory: UInt64 = 1 << 30
        /// The most pieces that a file lies in.
        static let runs = 1 << 20
    }

    /// The number of the root directory's inode.
    public static let root: UInt32 = 2

    /// What the superblock says.
    public let superblock: ExtSuperblock
    let region: DiskRegion
    private var tables: [UInt64: UInt64] = [:]
    private var budget: UInt64

    /// Opens the file system in a region of a disk.
    ///
    /// - Parameter region: The region.
    /// - Throws: ``DiskFormatError`` where there is none, or where it cannot be read.
    public init(_ region: DiskRegion) throws(DiskFormatError) {
        self.region = region
        superblock = try ExtSuperblock(region)
        budget = 16 * superblock.blocks + 65536
    }

    /// Reads an inode.
    ///
    /// - Parameter number: Its number.
    /// - Returns: The inode.
    /// - Throws: ``DiskFormatError`` where there is none.
    public func inode(_ number: UInt32) throws(DiskFormatError) -> ExtInode {
        guard number >= 1, number <= superblock.inodes else {
            throw DiskFormatError(
                .invalidInode,
                at: region.start,
                "expected an inode from 1 to \(superblock.inodes): found \(number)"
            )
        }
        let group = UInt64(number - 1) / superblock.inodesPerGroup
        let index = UInt64(number - 1) % superblock.inodesPerGroup
        let place = try inodeTable(group) * superblock.blockBytes + index * UInt64(superblock.inodeBytes)
        let record = try region.record(at: place, count: superblock.inodeBytes)
        let inode = ExtInode(number, record)
        guard !inode.isFree else {
            throw DiskFormatError(.invalidInode, at: record.place, "expected inode \(number) to be in use")
        }
        guard inode.extraBytes <= superblock.inodeBytes - 128 else {
            throw DiskFormatError(
                .invalidInode,
                at: record.place + 128,
                "expected up to \(superblock.inodeBytes - 128) further bytes: found \(inode.extraBytes)"
            )
        }
        return inode
    }

    /// A part of the file system's bytes.
    ///
    /// - Parameters:
    ///   - start: The first byte, counted from the file system's beginning.
    ///   - byteCount: How many bytes.
    /// - Returns: The part; where it begins is counted from the disk's beginning.
    /// - Throws: ``DiskFormatError`` where there are fewer.
    public func region(_ start: UInt64, _ byteCount: UInt64) throws(DiskFormatError) -> DiskRegion {
        try region.part(start, byteCount)
    }

    /// Reads a block.
    func block(_ number: UInt64) throws(DiskFormatError) -> Record {
        guard number < superblock.blocks else {
            throw DiskFormatError(
                .beyondEnd,
                at: region.start,
                "expected one of \(superblock.blocks) blocks: found block \(number)"
            )
        }
        try charge(1)
        return try region.record(
            at: number * superblock.blockBytes,
            count: Int(superblock.blockBytes)
        )
    }

    /// Counts blocks that are read: on a sound disk nearly every block belongs to one file, so that there is an end.
    func charge(_ blocks: UInt64) throws(DiskFormatError) {
        guard blocks <= budget else {
            throw DiskFormatError(
                .tooMuch,
                at: region.start,
                "expected files to share no blocks: more was read than the disk can hold"
            )
        }
        budget -= blocks
    }

    private func inodeTable(_ group: UInt64) throws(DiskFormatError) -> UInt64 {
        if let known = tables[group] { return known }
        let size = superblock.descriptorBytes
        let perBlock = superblock.blockBytes / UInt64(size)
        let block = superblock.descriptorBlock(group)
        guard block < superblock.blocks else {
            throw DiskFormatError(
                .invalidGroup,
                at: region.start,
                "expected the descriptor of group \(group) within \(superblock.blocks) blocks: found block \(block)"
            )
        }
        let place = block * superblock.blockBytes + group % perBlock * UInt64(size)
        let record = try region.record(at: place, count: size)
        let table = record.joined(8, size >= 64 ? 40 : nil)
        let length =
            (superblock.inodesPerGroup * UInt64(superblock.inodeBytes) + superblock.blockBytes - 1)
            / superblock.blockBytes
        guard table > 0, table < superblock.blocks, length <= superblock.blocks - table else {
            throw DiskFormatError(
                .invalidGroup,
                at: record.place + 8,
                "expected the inodes of group \(group) within \(superblock.blocks) blocks: found block \(table)"
            )
        }
        tables[group] = table
        return table
    }
}
