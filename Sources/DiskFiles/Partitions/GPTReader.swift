/// Reads a GUID partition table (UEFI specification, section 5.3), or its copy at the end of the disk.
enum GPTReader {
    /// The most entries that are read.
    static let mostEntries = 1024

    static func read(_ disk: DiskRegion) throws(DiskFormatError) -> [Partition] {
        do throws(DiskFormatError) {
            return try read(disk, headerAt: PartitionTable.sector)
        } catch {
            let last = (disk.byteCount / PartitionTable.sector - 1) * PartitionTable.sector
            guard let copy = try? read(disk, headerAt: last) else { throw error }
            return copy
        }
    }

    private static func read(_ disk: DiskRegion, headerAt place: UInt64) throws(DiskFormatError)
        -> [Partition]
    {
        func damaged(_ offset: UInt64, _ text: String) -> DiskFormatError {
            DiskFormatError(.invalidPartitionTable, at: place + offset, text)
        }
        let header = try disk.record(at: place, count: Int(PartitionTable.sector))
        guard header.slice(0..<8) == Array("EFI PART".utf8) else {
            throw damaged(0, "expected 'EFI PART', the signature of a GUID partition table")
        }
        let size = Int(header.word(12))
        guard (92...512).contains(size) else {
            throw damaged(12, "expected a header of 92 to 512 bytes: found \(size)")
        }
        var plain = header.slice(0..<size)
        plain.replaceSubrange(16..<20, with: [0, 0, 0, 0])
        guard CRC32.of(plain) == header.word(16) else {
            throw damaged(16, "expected the checksum of the header")
        }
        let count = Int(header.word(80))
        let stride = Int(header.word(84))
        guard count <= mostEntries, (128...4096).contains(stride), stride % 8 == 0 else {
            throw damaged(
                80,
                "expected up to \(mostEntries) entries of 128 to 4096 bytes: found \(count) of \(stride)"
            )
        }
        let (start, overflow) = header.long(72).multipliedReportingOverflow(by: PartitionTable.sector)
        guard !overflow, start <= disk.byteCount else {
            throw damaged(72, "expected the entries on the disk: found sector \(header.long(72))")
        }
        let table = try disk.record(at: start, count: count * stride)
        guard CRC32.of(table.bytes) == header.word(88) else {
            throw damaged(88, "expected the checksum of the entries")
        }
        var found: [Partition] = []
        for index in 0..<count
        where table.slice(index * stride..<index * stride + 16).contains(where: { $0 != 0 }) {
            found.append(try partition(index, table, stride, disk))
        }
        return found
    }

    private static func partition(
        _ index: Int,
        _ table: Record,
        _ stride: Int,
        _ disk: DiskRegion
    ) throws(DiskFormatError) -> Partition {
        let base = index * stride
        let first = table.long(base + 32)
        let last = table.long(base + 40)
        let sectors = disk.byteCount / PartitionTable.sector
        guard first <= last, last < sectors else {
            throw DiskFormatError(
                .invalidPartitionTable,
                at: table.place + UInt64(base),
                "expected partition \(index + 1) within \(sectors) sectors: found \(first) to \(last)"
            )
        }
        return Partition(
            number: index + 1,
            start: first * PartitionTable.sector,
            byteCount: (last - first + 1) * PartitionTable.sector,
            type: guid(table.slice(base..<base + 16))
        )
    }

    /// A GUID as it is written: the first three groups are little-endian.
    private static func guid(_ bytes: [UInt8]) -> String {
        let order = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15]
        return order.map { index in
            guard index >= 0 else { return "-" }
            let digits = String(bytes[index], radix: 16, uppercase: true)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

/// The checksum of GUID partition tables: CRC-32 as in Ethernet, polynomial 0xEDB88320.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
    }

    static func of(_ bytes: [UInt8]) -> UInt32 {
        let table = table
        return ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xff)] ^ ($0 >> 8) }
    }
}
