/// Counts the pages of each block, and knows which a stream has.
struct PageCensus: PageSink {
    private(set) var blocks: [SnapshotSurvey.Block]
    /// One bit for each page of each block.
    private var seen: [[UInt64]] = []

    init(of head: SnapshotHead, in view: ByteView) throws(TraceFormatError) {
        blocks = head.ramBlocks.map { SnapshotSurvey.Block(block: $0) }
        for block in head.ramBlocks {
            seen.append([UInt64](repeating: 0, count: try PageIndex.wholePages(of: block, in: view) / 64 + 1))
        }
    }

    /// How many pages there are, those that come again included.
    var pages: Int { blocks.reduce(0) { $0 + $1.storedPages + $1.filledPages } }

    mutating func add(_ page: Int, of block: Int, at place: PagePlace) {
        let bit = UInt64(1) << UInt64(page & 63)
        if seen[block][page >> 6] & bit != 0 { blocks[block].repeatedPages += 1 }
        seen[block][page >> 6] |= bit
        if place.isFilled {
            blocks[block].filledPages += 1
        } else {
            blocks[block].storedPages += 1
        }
    }

    /// What each block lacks.
    var findings: [TraceFinding] {
        zip(blocks.map(\.block), seen).compactMap { block, words in
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
