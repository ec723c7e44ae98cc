/// What a snapshot consists of: its blocks of memory and the states of its devices, and how much of the file each takes.
public struct SnapshotSurvey: Sendable, Hashable {
    /// A block of memory.
    public struct Block: Sendable, Hashable {
        /// Its name and its size in the machine.
        public let block: RAMBlock
        /// The pages that stand in the stream with all their bytes.
        public internal(set) var storedPages = 0
        /// The pages of one byte all over, of which that byte stands in the stream.
        public internal(set) var filledPages = 0
        /// How many of the pages above came more than once, as they do when a guest runs on while it is saved.
        public internal(set) var repeatedPages = 0

        /// How many bytes of the file are the contents of its pages.
        public var contentBytes: Int { storedPages * SnapshotMemory.pageBytes + filledPages }
    }

    /// The state of a device.
    public struct Section: Sendable, Hashable {
        /// The device.
        public let device: SnapshotDevices.Device
        /// Where its section lies, in bytes from the start of the file.
        public let range: Range<Int>
    }

    /// What the beginning of the stream tells.
    public let head: SnapshotHead
    /// The blocks of memory, in the order of the head.
    public let blocks: [Block]
    /// Where the sections of memory lie, in bytes from the start of the file.
    public let memory: Range<Int>
    /// The states of devices, in their order; empty in a stream of the oldest machine types, whose sections have no
    /// footers by which they could be told apart.
    public let devices: [Section]

    /// Reads the snapshot at `path`; a symbolic link is refused.
    ///
    /// - Throws: ``TraceFormatError`` with code `cannotOpen`, `cannotRead` or `notRegularFile`, or any that
    ///   ``init(bytes:)`` throws.
    public init(path: String) throws(TraceFormatError) {
        let head = try SnapshotHead(path: path)
        try self.init(head, ByteStorage(mapping: try RegularFile(path: path)))
    }

    /// Reads a snapshot that is in memory.
    ///
    /// - Throws: ``TraceFormatError`` as ``SnapshotMemory/init(bytes:)`` does.
    public init(bytes: [UInt8]) throws(TraceFormatError) {
        try self.init(SnapshotHead(bytes: bytes), ByteStorage(copying: bytes))
    }

    private init(_ head: SnapshotHead, _ storage: ByteStorage) throws(TraceFormatError) {
        if let bits = head.targetPageBits, bits != 12 {
            throw TraceFormatError(.unsupportedVersion, "expected pages of 2^12 bytes: found 2^\(bits)")
        }
        self.head = head
        (blocks, memory, devices) = try storage.withView { view throws(TraceFormatError) in
            var census = try PageCensus(of: head, in: view)
            let end = try PageIndex(head).read(view, into: &census)
            guard head.hasSectionFooters else { return (census.blocks, head.headBytes..<end, []) }
            let chain = DeviceChain(view, from: end)
            let sections = zip(chain.devices, chain.ranges).map { Section(device: $0, range: $1) }
            return (census.blocks, head.headBytes..<end, sections)
        }
    }
}
