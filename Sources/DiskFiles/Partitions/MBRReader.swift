/// Reads a partition table in the first sector of a disk, and the chain of extended ones.
enum MBRReader {
    struct Entry {
        let type: UInt8
        let first: UInt64
        let count: UInt64
        /// The byte of the disk that it lies at.
        let place: UInt64

        var isExtended: Bool { [0x05, 0x0f, 0x85].contains(type) }
    }

    /// The most logical partitions that are followed.
    static let mostLogical = 128

    /// Whether the four entries could be ones: code in their place would hardly have these flags.
    static func looksLikeTable(_ sector: Record) -> Bool {
        let used = entries(sector)
        return (0..<4).allSatisfy { [0, 0x80].contains(sector.byte(446 + 16 * $0)) }
            && !used.isEmpty && used.allSatisfy { $0.count > 0 && $0.first > 0 }
    }

    /// The entries that are used, in the order of the table.
    static func entries(_ sector: Record) -> [Entry] { allEntries(sector).compactMap { $0 } }

    private static func allEntries(_ sector: Record) -> [Entry?] {
        (0..<4).map { index in
            let base = 446 + 16 * index
            guard sector.byte(base + 4) != 0 else { return nil }
            return Entry(
                type: sector.byte(base + 4),
                first: UInt64(sector.word(base + 8)),
                count: UInt64(sector.word(base + 12)),
                place: sector.place + UInt64(base)
            )
        }
    }

    static func read(_ disk: DiskRegion, _ entries: [Entry]) throws(DiskFormatError) -> [Partition] {
        var primary: [Partition] = []
        var logical: [Partition] = []
        for entry in entries {
            if entry.isExtended {
                guard logical.isEmpty else { continue }
                logical = try chain(disk, entry)
            } else {
                let number = Int(entry.place - 446) / 16 + 1
                primary.append(try partition(number, entry, from: 0, disk))
            }
        }
        return primary + logical
    }

    /// Each link of the chain has a partition, counted from the link, and the next link, counted from the extended
    /// partition's beginning.
    private static func chain(_ disk: DiskRegion, _ extended: Entry) throws(DiskFormatError) -> [Partition] {
        var found: [Partition] = []
        var link = extended.first
        var seen: Set<UInt64> = []
        while true {
            let place = link * PartitionTable.sector
            guard seen.insert(link).inserted, seen.count <= mostLogical else {
                throw DiskFormatError(
                    .invalidPartitionTable,
                    at: place,
                    "expected at most \(mostLogical) logical partitions, none of them twice"
                )
            }
            let sector = try disk.record(at: place, count: Int(PartitionTable.sector))
            guard sector.half(510) == 0xaa55 else {
                throw DiskFormatError(
                    .invalidPartitionTable,
                    at: place + 510,
                    "expected the signature 55 aa of an extended partition table"
                )
            }
            let links = entries(sector)
            for entry in links where !entry.isExtended && entry.count > 0 {
                found.append(try partition(5 + found.count, entry, from: link, disk))
            }
            guard let next = links.first(where: { $0.isExtended && $0.count > 0 }) else { return found }
            link = extended.first + next.first
        }
    }

    private static func partition(
        _ number: Int,
        _ entry: Entry,
        from base: UInt64,
        _ disk: DiskRegion
    ) throws(DiskFormatError) -> Partition {
        // 32-bit numbers of sectors: neither the sums nor the products overflow.
        let start = (base + entry.first) * PartitionTable.sector
        let length = entry.count * PartitionTable.sector
        guard start <= disk.byteCount, length <= disk.byteCount - start else {
            throw DiskFormatError(
                .invalidPartitionTable,
                at: entry.place,
                "expected partition \(number) to end before byte \(disk.byteCount): found \(start + length)"
            )
        }
        let digits = String(entry.type, radix: 16)
        return Partition(
            number: number,
            start: start,
            byteCount: length,
            type: digits.utf8.count == 1 ? "0" + digits : digits
        )
    }
}
