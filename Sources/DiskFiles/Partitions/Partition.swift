/// An entry of a partition table.
public struct Partition: Sendable, Hashable {
    /// Its number, as Linux counts: 1 to 4 for primary partitions, from 5 for logical ones.
    public let number: Int
    /// Where it begins, in bytes.
    public let start: UInt64
    /// How many bytes it has.
    public let byteCount: UInt64
    /// Its type: two hexadecimal digits in an MBR, a GUID in a GPT.
    public let type: String
}

/// How a disk is divided.
public enum PartitionTable: Sendable, Hashable {
    /// It is not.
    case none
    /// By a table in its first sector, with logical partitions where there are any.
    case mbr([Partition])
    /// By a GUID partition table.
    case gpt([Partition])

    /// The partitions, by number.
    public var partitions: [Partition] {
        switch self {
        case .none: []
        case .mbr(let list), .gpt(let list): list
        }
    }

    static let sector: UInt64 = 512

    /// Reads the table of a disk.
    ///
    /// - Parameter disk: The disk.
    /// - Returns: The table.
    /// - Throws: ``DiskFormatError`` where there is a table and it is damaged.
    public static func read(_ disk: any RandomAccess) throws(DiskFormatError) -> PartitionTable {
        let region = DiskRegion(disk)
        guard region.byteCount >= 2 * sector else { return .none }
        let first = try region.record(at: 0, count: Int(sector))
        // A boot sector may be signed and hold code where a table would be.
        guard first.half(510) == 0xaa55, MBRReader.looksLikeTable(first) else { return .none }
        let entries = MBRReader.entries(first)
        if entries.contains(where: { $0.type == 0xee }) { return .gpt(try GPTReader.read(region)) }
        return .mbr(try MBRReader.read(region, entries))
    }
}
