/// What the superblock of an ext2, ext3 or ext4 file system says.
///
/// Source: Documentation/filesystems/ext4 of Linux.
public struct ExtSuperblock: Sendable, Hashable {
    /// The size of a block in bytes.
    public let blockBytes: UInt64
    /// How many blocks there are.
    public let blocks: UInt64
    /// How many inodes there are.
    public let inodes: UInt32
    /// The size of an inode in bytes.
    public let inodeBytes: Int
    /// Whether a journal waits to be replayed, so that what is read may be out of date.
    public let needsRecovery: Bool
    /// Where it was mounted last, as the guest's kernel wrote it.
    public let lastMounted: String

    let firstDataBlock: UInt64
    let blocksPerGroup: UInt64
    let inodesPerGroup: UInt64
    let descriptorBytes: Int
    let firstMetaGroup: UInt64
    let hasMetaGroups: Bool
    let backups: Backups

    /// Which groups have copies of the superblock.
    enum Backups: Sendable, Hashable {
        case all
        case sparse
        case two(UInt64, UInt64)
    }

    private enum Incompatible {
        static let recover: UInt32 = 0x4
        static let journalDevice: UInt32 = 0x8
        static let metaGroups: UInt32 = 0x10
        static let wide: UInt32 = 0x80
        /// File types, recovery, meta groups, extents, 64 bit, multiple mount protection, flexible groups, inodes
        /// of attributes, checksum seed, large directories, inline data, encryption, case folding.
        static let known: UInt32 =
            0x2 | 0x4 | 0x10 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x2000 | 0x4000
            | 0x8000 | 0x10000 | 0x20000
    }

    /// How many groups there are.
    var groups: UInt64 { (blocks - firstDataBlock + blocksPerGroup - 1) / blocksPerGroup }

    /// Reads the superblock of the file system in a region.
    init(_ region: DiskRegion) throws(DiskFormatError) {
        guard region.byteCount >= 2048 else {
            throw DiskFormatError(
                .notExt,
                at: region.start,
                "expected a superblock: there are \(region.byteCount) bytes"
            )
        }
        let record = try region.record(at: 1024, count: 1024)
        func check(
            _ holds: Bool,
            _ offset: Int,
            _ text: @autoclosure () -> String,
            _ code: DiskFormatError.Code = .invalidSuperblock
        ) throws(DiskFormatError) {
            if !holds { throw DiskFormatError(code, at: record.place + UInt64(offset), text()) }
        }
        try check(
            record.half(56) == 0xef53,
            56,
            "expected ef53, the signature of an ext file system",
            .notExt
        )
        let incompatible = record.word(96)
        try check(
            incompatible & ~Incompatible.known == 0,
            96,
            "expected known features: found \(String(incompatible & ~Incompatible.known, radix: 16))",
            .unsupportedFeature
        )
        try check(
            incompatible & Incompatible.journalDevice == 0,
            96,
            "expected a file system: found a journal",
            .notExt
        )
        let isWide = incompatible & Incompatible.wide != 0
        let logarithm = record.word(24)
        try check(logarithm <= 6, 24, "expected blocks of up to 64 KiB: found 2^\(UInt64(logarithm) + 10)")
        blockBytes = 1024 << UInt64(logarithm)
        blocks = record.joined(4, isWide ? 336 : nil)
        firstDataBlock = UInt64(record.word(20))
        blocksPerGroup = UInt64(record.word(32))
        inodesPerGroup = UInt64(record.word(40))
        inodes = record.word(0)
        try check(
            blocks > firstDataBlock && blocks <= region.byteCount / blockBytes,
            4,
            "expected up to \(region.byteCount / blockBytes) blocks: found \(blocks)"
        )
        try check(
            firstDataBlock <= 1,
            20,
            "expected the first data block to be 0 or 1: found \(firstDataBlock)"
        )
        try check(blocksPerGroup >= 8, 32, "expected blocks in a group: found \(blocksPerGroup)")
        try check(
            (1...8 * blockBytes).contains(inodesPerGroup),
            40,
            "expected 1 to \(8 * blockBytes) inodes in a group: found \(inodesPerGroup)"
        )
        let isOld = record.word(76) == 0
        let inodeSize = isOld ? 128 : Int(record.half(88))
        try check(
            inodeSize >= 128 && inodeSize <= Int(blockBytes) && inodeSize & (inodeSize - 1) == 0,
            88,
            "expected inodes of 128 bytes to a block: found \(inodeSize)"
        )
        inodeBytes = inodeSize
        let descriptorSize = isWide ? Int(record.half(254)) : 32
        try check(
            (32...1024).contains(descriptorSize) && descriptorSize & (descriptorSize - 1) == 0
                && (!isWide || descriptorSize >= 64),
            254,
            "expected group descriptors of 64 to 1024 bytes: found \(descriptorSize)"
        )
        descriptorBytes = descriptorSize
        needsRecovery = incompatible & Incompatible.recover != 0
        hasMetaGroups = incompatible & Incompatible.metaGroups != 0
        firstMetaGroup = UInt64(record.word(260))
        lastMounted = record.text(136..<200)
        if record.word(92) & 0x200 != 0 {
            backups = .two(UInt64(record.word(588)), UInt64(record.word(592)))
        } else {
            backups = record.word(100) & 1 != 0 ? .sparse : .all
        }
        try check(
            UInt64(inodes) <= groups * inodesPerGroup,
            0,
            "expected up to \(groups * inodesPerGroup) inodes: found \(inodes)"
        )
    }

    /// Whether a group begins with a copy of the superblock.
    func hasSuperblock(_ group: UInt64) -> Bool {
        switch backups {
        case .all: return true
        case .two(let first, let second): return group == 0 || group == first || group == second
        case .sparse:
            if group <= 1 { return true }
            return [3, 5, 7].contains { (base: UInt64) in
                var power = base
                while power < group { power *= base }
                return power == group
            }
        }
    }

    /// The block that a group's descriptor lies in.
    func descriptorBlock(_ group: UInt64) -> UInt64 {
        let perBlock = blockBytes / UInt64(descriptorBytes)
        let index = group / perBlock
        guard hasMetaGroups, index >= firstMetaGroup else {
            // The superblock lies in block 1 where blocks have a kilobyte, else in block 0.
            return (blockBytes == 1024 ? 1 : 0) + 1 + index
        }
        let first = index * perBlock
        var block = firstDataBlock + first * blocksPerGroup
        if hasSuperblock(first) { block += 1 }
        // With kilobyte blocks from block 0 on, the boot block comes first.
        if blockBytes == 1024, index == 0, firstDataBlock == 0 { block += 1 }
        return block
    }
}
