public import Traces

extension SnapshotParts {
    /// What a page takes in the file besides its bytes.
    private static let pageHeaderBytes: UInt64 = 8

    /// Looks at a snapshot, which takes some time for each page of its memory.
    ///
    /// Each page of main memory is counted once; one that was saved twice, as the guest ran on, counts with the rest.
    ///
    /// - Parameter path: The snapshot.
    /// - Throws: ``Traces/TraceFormatError`` where it cannot be read.
    public init(path: String) throws(TraceFormatError) {
        let memory = try SnapshotMemory(path: path)
        let counts = memory.pageCounts
        let pageBytes = UInt64(SnapshotMemory.pageBytes)
        let stored = UInt64(counts.stored) * (pageBytes + Self.pageHeaderBytes)
        let filled = UInt64(counts.filled) * (1 + Self.pageHeaderBytes)
        let total = UInt64(memory.head.byteCount)
        let name = memory.block.name
        self.init(
            parts: [
                Part(
                    name: "\(name), stored pages",
                    bytes: stored,
                    what: "\(counts.stored) pages of main memory with all of their bytes"
                ),
                Part(
                    name: "\(name), filled pages",
                    bytes: filled,
                    what: "\(counts.filled) pages of main memory that are one byte all over, mostly 0"
                ),
                Part(
                    name: "the rest",
                    bytes: total - min(total, stored + filled),
                    what: "video memory, firmware, and the state of processor and devices"
                ),
            ]
        )
    }
}
