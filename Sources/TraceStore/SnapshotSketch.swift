public import HostSupport
import Traces

/// Which pages a snapshot consists of, by a sample: enough to tell how much two have in common.
public struct SnapshotSketch: Sendable {
    // One page in sixteen, chosen by its contents, so that the same pages are chosen in every snapshot.
    private static let share: UInt64 = 16

    /// Hashes of the chosen pages.
    let pages: Set<UInt64>
    /// The blocks of memory: snapshots of other machines have nothing in common.
    let machine: [RAMBlock]

    /// Looks at a snapshot.
    ///
    /// - Parameter snapshot: The file.
    /// - Throws: ``StoreError`` where it cannot be read, ``Traces/TraceFormatError`` where it is no whole snapshot.
    @concurrent public init(of snapshot: HostPath) async throws {
        let file = try MappedFile(snapshot)
        let all = try SnapshotPages(of: file.bytes)
        var pages: Set<UInt64> = []
        for page in all.pages where !page.isFilled {
            let hash = PageSearch.sample(file.bytes, page.offset)
            if hash % Self.share == 0 { pages.insert(hash) }
        }
        self.pages = pages
        machine = all.head.ramBlocks
    }

    init(pages: Set<UInt64>, machine: [RAMBlock]) {
        self.pages = pages
        self.machine = machine
    }

    /// About how many pages it has that another has not.
    func pages(besides other: SnapshotSketch) -> Int {
        guard machine == other.machine else { return pages.count }
        return pages.count(where: { !other.pages.contains($0) })
    }
}
