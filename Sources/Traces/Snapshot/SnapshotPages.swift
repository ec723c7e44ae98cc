/// Where each page of memory lies in a snapshot, in the order of the file.
///
/// A guest that ran on while it was saved has pages that come again.
public struct SnapshotPages: Sendable {
    /// A page in the file.
    public struct Page: Sendable {
        /// The number of its block in ``SnapshotHead/ramBlocks``.
        public let block: Int32
        /// Whether the file has one byte for all of its bytes.
        public let isFilled: Bool
        /// Its number in its block: its address there, divided by ``SnapshotPages/pageBytes``.
        public let number: Int
        /// Where its bytes begin in the file: ``SnapshotPages/pageBytes`` of them, or the one that fills it.
        public let offset: Int
    }

    /// The size of a page in bytes.
    public static var pageBytes: Int { SnapshotMemory.pageBytes }

    /// What the file begins with.
    public let head: SnapshotHead
    /// The pages.
    public let pages: [Page]
    /// Where memory ends and the devices begin, in bytes from the start of the file.
    public let memoryEnd: Int

    private struct Sink: PageSink {
        var pages: [Page] = []

        mutating func add(_ page: Int, of block: Int, at place: PagePlace) {
            pages.append(
                Page(block: Int32(block), isFilled: place.isFilled, number: page, offset: place.offset)
            )
        }
    }

    /// Finds the pages of a snapshot that is in memory.
    ///
    /// - Parameter bytes: The whole file.
    /// - Throws: ``TraceFormatError``, naming the offset, where it is none or is cut.
    public init(of bytes: UnsafeRawBufferPointer) throws(TraceFormatError) {
        let view = ByteView(bytes)
        head = try SnapshotHead(
            parsing: ByteView(view.slice(0..<min(SnapshotHead.window, bytes.count))),
            byteCount: bytes.count
        )
        var sink = Sink()
        sink.pages.reserveCapacity(bytes.count / SnapshotMemory.pageBytes)
        memoryEnd = try PageIndex(head).read(view, into: &sink)
        pages = sink.pages
    }
}
