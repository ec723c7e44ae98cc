/// Which pages of each block a stream has.
struct PageCoverage: PageSink {
    private let blocks: [RAMBlock]
    /// One bit for each page of each block.
    private var seen: [[UInt64]]
    private(set) var pages = 0

    init(of head: SnapshotHead, in view: ByteView) throws(TraceFormatError) {
        blocks = head.ramBlocks
        seen = []
        for block in blocks {
            seen.append([UInt64](repeating: 0, count: try PageIndex.wholePages(of: block, in: view) / 64 + 1))
        }
    }

    mutating func add(_ page: Int, of block: Int, at place: PagePlace) {
        seen[block][page >> 6] |= 1 << UInt64(page & 63)
        pages += 1
    }

    /// What each block lacks.
    var findings: [TraceFinding] {
        zip(blocks, seen).compactMap { block, words in
            let size = UInt64(SnapshotMemory.pageBytes)
            let count = Int(block.bytes / size + (block.bytes % size == 0 ? 0 : 1))
            let missing = (0..<count).lazy.filter { words[$0 >> 6] & 1 << UInt64($0 & 63) == 0 }
            guard let first = missing.first else { return nil }
            return TraceFinding(
                .missingPages,
                .error,
                in: .snapshot,
                count: missing.count,
                "expected all \(count) pages of block \(block.name): the one at 0x"
                    + "\(String(UInt64(first) * size, radix: 16)) is missing"
            )
        }
    }
}
