/// What lies where on a disk.
public struct DiskLayout: Sendable, Hashable {
    /// A partition, or the whole disk where it is not divided.
    public struct Volume: Sendable, Hashable {
        /// What is in it.
        public enum Contents: String, Sendable {
            /// An ext2, ext3 or ext4 file system.
            case ext
            /// A Linux swap area.
            case swap
            /// Something that is not read here.
            case other
        }

        /// The partition's number; `nil` for the whole disk.
        public let partition: Int?
        /// Where it begins, in bytes.
        public let start: UInt64
        /// How many bytes it has.
        public let byteCount: UInt64
        /// What is in it.
        public let contents: Contents
    }

    /// How the disk is divided.
    public let table: PartitionTable
    /// Its volumes, by number.
    public let volumes: [Volume]

    /// Looks at a disk.
    ///
    /// - Parameter disk: The disk.
    /// - Throws: ``DiskFormatError`` where a partition table is damaged, or the disk cannot be read.
    public init(_ disk: any RandomAccess) throws(DiskFormatError) {
        let read = try PartitionTable.read(disk)
        let whole = try Self.contents(DiskRegion(disk))
        // A file system leaves its first kilobyte to a boot loader, which may look like a partition table.
        if whole != .other || read == .none {
            table = .none
            volumes = [Volume(partition: nil, start: 0, byteCount: disk.byteCount, contents: whole)]
            return
        }
        table = read
        var found: [Volume] = []
        for partition in read.partitions {
            let region = try DiskRegion(disk, start: partition.start, byteCount: partition.byteCount)
            found.append(
                Volume(
                    partition: partition.number,
                    start: partition.start,
                    byteCount: partition.byteCount,
                    contents: try Self.contents(region)
                )
            )
        }
        volumes = found
    }

    private static func contents(_ region: DiskRegion) throws(DiskFormatError) -> Volume.Contents {
        if try SwapArea.hasSignature(region) { return .swap }
        guard region.byteCount >= 2048 else { return .other }
        return try region.record(at: 1024 + 56, count: 2).half(0) == 0xef53 ? .ext : .other
    }
}

/// A Linux swap area (mkswap(8)), as 4096-byte pages have it.
public enum SwapArea {
    /// The size of its first page, which has the signature, label and UUID.
    public static let headerBytes: UInt64 = 4096

    /// Whether a region begins with the signature of a swap area that holds no hibernated system.
    ///
    /// - Parameter region: The region.
    /// - Returns: Whether it does.
    /// - Throws: ``DiskFormatError`` where it cannot be read.
    public static func hasSignature(_ region: some RandomAccess) throws(DiskFormatError) -> Bool {
        guard region.byteCount >= headerBytes else { return false }
        return try region.read(at: headerBytes - 10, count: 10) == Array("SWAPSPACE2".utf8)
    }
}
