/// Where a page of memory lies in a stream.
struct PagePlace: Hashable, Sendable {
    /// What a page consists of.
    enum Contents {
        /// The stream does not have it.
        case absent
        /// One byte, all over.
        case filled(UInt8)
        /// Bytes of the stream.
        case stored(UnsafeRawBufferPointer)
    }

    private let word: UInt64
    private static let fillBit: UInt64 = 1 << 63

    static let absent = PagePlace(word: 0)

    private init(word: UInt64) {
        self.word = word
    }

    /// A page whose bytes begin at an offset, or are all that byte.
    init(offset: Int, isFilled: Bool) {
        word = UInt64(offset) | (isFilled ? Self.fillBit : 0)
    }

    /// Whether it is a byte all over.
    var isFilled: Bool { word & Self.fillBit != 0 }

    /// Where its bytes begin.
    var offset: Int { Int(word & ~Self.fillBit) }

    func contents(_ view: ByteView) -> Contents {
        guard word != 0 else { return .absent }
        guard word & Self.fillBit == 0 else { return .filled(view.byte(at: offset)) }
        return .stored(view.slice(offset..<offset + SnapshotMemory.pageBytes))
    }
}

/// Takes note of pages as a stream has them.
protocol PageSink {
    /// Takes note of a page; one that comes again, as it does when a guest ran on while it was saved, has its last
    /// place.
    ///
    /// - Parameters:
    ///   - page: Its number in its block; the last of a block that does not end at a page's end counts.
    ///   - block: The block's number in the head.
    ///   - place: Where it lies.
    mutating func add(_ page: Int, of block: Int, at place: PagePlace)
}

/// Reads a stream's sections of memory up to their end.
struct PageIndex {
    /// The block that a page without a name belongs to: the last one named, be it in a section before.
    private struct Current {
        let block: Int
        let bytes: UInt64
    }

    private let head: SnapshotHead
    private let blocks: [String: Current]

    private enum Marker {
        static let sectionPart: UInt8 = 0x02
        static let sectionEnd: UInt8 = 0x03
        static let footer: UInt8 = 0x7e
    }

    private enum Flag {
        static let mask: UInt64 = 0xfff
        static let fill: UInt64 = 0x02
        static let page: UInt64 = 0x08
        static let end: UInt64 = 0x10
        static let sameBlock: UInt64 = 0x20
    }

    init(_ head: SnapshotHead) {
        self.head = head
        blocks = [String: Current](
            head.ramBlocks.enumerated().map { ($1.name, Current(block: $0, bytes: $1.bytes)) }
        ) { $1 }
    }

    /// How many whole pages a block has, if a stream of that length can have them.
    ///
    /// A stream has all pages once at least, with nine bytes for each: no more room is taken for a false claim.
    static func wholePages(of block: RAMBlock, in view: ByteView) throws(TraceFormatError) -> Int {
        let count = block.bytes / UInt64(SnapshotMemory.pageBytes)
        guard count <= UInt64(view.count / 9) else {
            throw TraceFormatError(
                .streamCut,
                at: view.count,
                "expected the \(count) pages of block \(block.name): the stream is too short for them"
            )
        }
        return Int(count)
    }

    /// Reads all pages.
    ///
    /// - Returns: Where memory ends and the devices begin.
    func read(_ view: ByteView, into sink: inout some PageSink) throws(TraceFormatError) -> Int {
        var cursor = ByteCursor(view)
        try cursor.skip(head.headBytes, "the head")
        var current: Current?
        while try readSection(&cursor, &current, &sink) {}
        return cursor.offset
    }

    /// Reads one section.
    ///
    /// - Returns: Whether memory goes on behind it.
    private func readSection(
        _ cursor: inout ByteCursor,
        _ current: inout Current?,
        _ sink: inout some PageSink
    ) throws(TraceFormatError) -> Bool {
        let start = cursor.offset
        let marker = try cursor.take(UInt8.self, "a section of memory")
        guard marker == Marker.sectionPart || marker == Marker.sectionEnd else {
            throw TraceFormatError(
                .unexpectedSection,
                at: start,
                "expected a section of memory (2 or 3): found \(marker)"
            )
        }
        let number = try cursor.take(UInt32.self, "the section's number")
        try readPages(&cursor, &current, &sink)
        if head.hasSectionFooters {
            let place = cursor.offset
            let footer = try cursor.take(UInt8.self, "the footer of a section of memory")
            let ended = try cursor.take(UInt32.self, "the section's number")
            guard footer == Marker.footer, ended == number else {
                throw TraceFormatError(
                    .unexpectedSection,
                    at: place,
                    "expected the footer (126) of section \(number): found \(footer) of \(ended)"
                )
            }
        }
        return marker == Marker.sectionPart
    }

    private func readPages(
        _ cursor: inout ByteCursor,
        _ current: inout Current?,
        _ sink: inout some PageSink
    ) throws(TraceFormatError) {
        while true {
            let start = cursor.offset
            let word = try cursor.take(UInt64.self, "a page")
            let (flags, address) = (word & Flag.mask, word & ~Flag.mask)
            if word == Flag.end { return }
            guard [Flag.fill, Flag.page].contains(flags & ~Flag.sameBlock) else {
                throw TraceFormatError(
                    .invalidPage,
                    at: start,
                    "expected a page (flag 8), a filled page (2) or the end (16): found 0x\(String(word, radix: 16))"
                )
            }
            if flags & Flag.sameBlock == 0 {
                let name = try cursor.takeName(
                    Int(cursor.take(UInt8.self, "the length of a name")),
                    "the name of a block of memory"
                )
                guard let block = blocks[name] else {
                    throw TraceFormatError(.invalidName, at: start, "expected a known block: found \(name)")
                }
                current = block
            }
            guard let current, address < current.bytes else {
                let size = String(current?.bytes ?? 0, radix: 16)
                throw TraceFormatError(
                    .invalidPage,
                    at: start,
                    current == nil
                        ? "expected the name of a block before its first page"
                        : "expected a page below 0x\(size): found 0x\(String(address, radix: 16))"
                )
            }
            let place = cursor.offset
            let isFilled = flags & Flag.fill != 0
            try cursor.skip(isFilled ? 1 : SnapshotMemory.pageBytes, "a page")
            sink.add(
                Int(address) / SnapshotMemory.pageBytes,
                of: current.block,
                at: PagePlace(offset: place, isFilled: isFilled)
            )
        }
    }
}
