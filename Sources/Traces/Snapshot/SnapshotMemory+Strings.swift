extension SnapshotMemory {
    /// How text is laid out in memory.
    public enum TextEncoding: String, Hashable, Sendable, CaseIterable {
        /// A byte for a character, as Unix has it.
        case ascii
        /// Two bytes for a character, the low one first and at an even address, as Windows has it.
        case utf16LittleEndian = "utf16le"

        /// The bytes for a character.
        public var bytesPerCharacter: Int { self == .ascii ? 1 : 2 }
    }

    /// The longest text that is handed out in one piece, in characters.
    public static let longestText = 4096

    /// Looks for texts of printable ASCII characters in the guest's physical memory, across the borders of pages, too.
    ///
    /// - Parameters:
    ///   - encoding: How the characters are laid out.
    ///   - shortest: How many characters a text has at least.
    ///   - body: What is done with each: its physical address, and its characters. A text that is longer than
    ///     ``longestText`` comes in pieces.
    /// - Throws: What `body` throws.
    public func forEachText<E: Error>(
        _ encoding: TextEncoding,
        shortest: Int,
        _ body: (UInt64, [UInt8]) throws(E) -> Void
    ) throws(E) {
        try storage.withView { (view) throws(E) in
            var scanner = TextScanner(encoding, shortest: shortest)
            for (number, page) in pages.enumerated() {
                let start = number * Self.pageBytes
                // Above 4 GiB a new piece begins.
                if UInt64(start) == layout.bytesBelow4GiB { try scanner.end(layout, body) }
                switch page.contents(view) {
                // A page of one character all over is no text, and one of zeros ends any.
                case .absent, .filled: try scanner.end(layout, body)
                case .stored(let bytes): try scanner.scan(bytes, at: start, layout, body)
                }
            }
            try scanner.end(layout, body)
        }
    }
}

/// Gathers characters until a text ends.
private struct TextScanner {
    private let step: Int
    private let shortest: Int
    private var start = 0
    private var text: [UInt8] = []

    init(_ encoding: SnapshotMemory.TextEncoding, shortest: Int) {
        step = encoding.bytesPerCharacter
        self.shortest = max(1, shortest)
    }

    mutating func scan<E: Error>(
        _ bytes: UnsafeRawBufferPointer,
        at start: Int,
        _ layout: SnapshotMemory.Layout,
        _ body: (UInt64, [UInt8]) throws(E) -> Void
    ) throws(E) {
        var offset = 0
        while offset + step <= bytes.count {
            let byte = bytes[offset]
            let isText = (0x20..<0x7f).contains(byte) || byte == 0x09
            if isText, step == 1 || bytes[offset + 1] == 0 {
                if text.isEmpty { self.start = start + offset }
                text.append(byte)
                if text.count == SnapshotMemory.longestText { try end(layout, body) }
            } else if !text.isEmpty {
                try end(layout, body)
            }
            offset += step
        }
    }

    mutating func end<E: Error>(
        _ layout: SnapshotMemory.Layout,
        _ body: (UInt64, [UInt8]) throws(E) -> Void
    ) throws(E) {
        defer { text.removeAll(keepingCapacity: true) }
        if text.count >= shortest { try body(layout.address(of: start), text) }
    }
}
