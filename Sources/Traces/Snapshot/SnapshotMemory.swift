import Glibc

/// The guest's main memory in a snapshot, `NAME-rr-snp`, or in any other QEMU migration stream.
///
/// The file is mapped and its pages are read where they lie; what is kept beside it is eight bytes for each page, and
/// the pages of a stream take nine bytes at least. Pages must have 4096 bytes, which x86 and most other machines have.
///
/// Sources of the format, in PANDA's QEMU: `ram_save_page`, `ram_save_zero_page` and `ram_load` in `migration/ram.c`.
public struct SnapshotMemory: Sendable {
    /// The size of a page in bytes.
    public static let pageBytes = 4096
    /// The most bytes that ``addresses(of:limit:)`` can look for: those of a page.
    public static let longestSearch = pageBytes

    /// What the beginning of the stream tells.
    public let head: SnapshotHead
    /// The block that is the machine's memory.
    public let block: RAMBlock
    /// Where that block lies in the guest's physical address space.
    public let layout: Layout

    let storage: ByteStorage
    let pages: [PagePlace]

    /// Reads where each page lies in the snapshot at `path`; a symbolic link is refused.
    ///
    /// - Throws: ``TraceFormatError`` with code `cannotOpen`, `cannotRead`, `notRegularFile`, or any that
    ///   ``init(bytes:)`` throws.
    public init(path: String) throws(TraceFormatError) {
        let head = try SnapshotHead(path: path)
        try self.init(head, ByteStorage(mapping: try RegularFile(path: path)))
    }

    /// Reads where each page lies in a snapshot that is in memory.
    ///
    /// - Throws: ``TraceFormatError`` with any code that ``SnapshotHead/init(bytes:)`` throws, or
    ///   `invalidMemoryTable`, `invalidPage`, `unexpectedSection`, `unsupportedVersion` or `streamCut`, and the byte
    ///   that is wrong.
    public init(bytes: [UInt8]) throws(TraceFormatError) {
        try self.init(SnapshotHead(bytes: bytes), ByteStorage(copying: bytes))
    }

    private init(_ head: SnapshotHead, _ storage: ByteStorage) throws(TraceFormatError) {
        self.head = head
        self.storage = storage
        block = try Self.mainBlock(head)
        layout = Layout(machine: head.machine, bytes: block.bytes)
        let block = block
        pages = try storage.withView { view throws(TraceFormatError) in
            var places = MainMemoryPlaces(
                block: head.ramBlocks.firstIndex(of: block) ?? 0,
                pages: [PagePlace](repeating: .absent, count: try PageIndex.wholePages(of: block, in: view))
            )
            _ = try PageIndex(head).read(view, into: &places)
            return places.pages
        }
    }

    /// Keeps the places of one block's pages.
    private struct MainMemoryPlaces: PageSink {
        let block: Int
        var pages: [PagePlace]

        mutating func add(_ page: Int, of block: Int, at place: PagePlace) {
            // The last page of a block that does not end at a page's end is not kept.
            if block == self.block, page < pages.count { pages[page] = place }
        }
    }

    private static func mainBlock(_ head: SnapshotHead) throws(TraceFormatError) -> RAMBlock {
        if let bits = head.targetPageBits, bits != 12 {
            throw TraceFormatError(.unsupportedVersion, "expected pages of 2^12 bytes: found 2^\(bits)")
        }
        let main = head.ramBlocks.filter(\.isMainMemory)
        guard main.count == 1, let block = main.first else {
            throw TraceFormatError(
                .invalidMemoryTable,
                "expected one block of main memory: found \(main.count)"
            )
        }
        return block
    }

    /// The physical addresses that there is memory at, rising.
    public var ranges: [Range<UInt64>] { layout.ranges }

    /// Reads bytes of the guest's physical memory.
    ///
    /// - Parameters:
    ///   - count: How many, at least 0.
    ///   - address: The physical address of the first.
    /// - Returns: The bytes; nothing where they are not all in main memory, or not in the stream.
    public func bytes(_ count: Int, at address: UInt64) -> [UInt8]? {
        guard count >= 0, UInt64(count) <= block.bytes, var place = layout.offset(of: address),
            let last = layout.offset(of: address &+ UInt64(max(count, 1)) &- 1),
            last - place == max(count, 1) - 1
        else { return nil }
        return storage.withView { view in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(count)
            while bytes.count < count {
                let (page, start) = place.quotientAndRemainder(dividingBy: Self.pageBytes)
                guard page < pages.count else { return nil }
                let wanted = min(count - bytes.count, Self.pageBytes - start)
                switch pages[page].contents(view) {
                case .absent: return nil
                case .filled(let byte): bytes.append(contentsOf: repeatElement(byte, count: wanted))
                case .stored(let page): bytes.append(contentsOf: page[start..<start + wanted])
                }
                place += wanted
            }
            return bytes
        }
    }
}
