extension SnapshotHead {
    /// The most blocks a table may name; real machines have one or two dozen.
    static let maximumBlocks = 1024
    /// The most memory a machine may have, in bytes: all that x86-64 can address.
    static let maximumRAM: UInt64 = 1 << 52

    private static let magic: UInt32 = 0x5145_564d
    private static let versionNow: UInt32 = 3
    private static let ramVersion: UInt32 = 4

    /// The bytes that begin the parts of a stream, of which the head has these.
    private enum Marker {
        static let sectionStart: UInt8 = 0x01
        static let subsection: UInt8 = 0x05
        static let configuration: UInt8 = 0x07
        static let footer: UInt8 = 0x7e
    }

    /// The low bits of the word before a page or table.
    private enum Flag {
        static let mask: UInt64 = 0x3ff
        static let memorySize: UInt64 = 0x04
        static let endOfSection: UInt64 = 0x10
    }

    init(parsing view: ByteView, byteCount: Int) throws(TraceFormatError) {
        var cursor = ByteCursor(view)
        let magic = try cursor.take(UInt32.self, "the magic number")
        guard magic == Self.magic else {
            throw TraceFormatError(
                .notMigrationStream,
                at: 0,
                "expected 0x5145564d (\"QEVM\"): found 0x\(String(magic, radix: 16))"
            )
        }
        streamVersion = try cursor.take(UInt32.self, "the stream's version")
        guard streamVersion == Self.versionNow else {
            throw TraceFormatError(
                .unsupportedVersion,
                at: 4,
                "expected stream version 3: found \(streamVersion)"
            )
        }
        if cursor.peek == Marker.configuration {
            (machine, targetPageBits) = try Self.configuration(&cursor)
        }
        let section = try Self.openMemorySection(&cursor)
        (ramBlocks, totalRAMBytes) = try Self.memoryTable(&cursor)
        hasSectionFooters = try Self.closeMemorySection(section, &cursor)
        headBytes = cursor.offset
        self.byteCount = byteCount
        ending = .cut
    }

    /// Source: `vmstate_configuration` in `migration/savevm.c`.
    private static func configuration(
        _ cursor: inout ByteCursor
    ) throws(TraceFormatError) -> (String, UInt32?) {
        try expect(Marker.configuration, "the configuration", &cursor)
        let length = try cursor.take(UInt32.self, "the length of the machine type")
        let machine = try cursor.takeName(Int(length), "a machine type")
        guard cursor.peek == Marker.subsection else { return (machine, nil) }

        try expect(Marker.subsection, "a part of the configuration", &cursor)
        let start = cursor.offset
        let name = try cursor.takeName(
            Int(cursor.take(UInt8.self, "the length of a name")),
            "the name of a part of the configuration"
        )
        let version = try cursor.take(UInt32.self, "the version of \(name)")
        guard name == "configuration/target-page-bits", version == 1 else {
            throw TraceFormatError(
                .unexpectedSection,
                at: start,
                "expected configuration/target-page-bits version 1: found \(name) version \(version)"
            )
        }
        return (machine, try cursor.take(UInt32.self, "the page size"))
    }

    /// Memory comes first: it is the only section that PANDA's machines begin before their devices.
    private static func openMemorySection(_ cursor: inout ByteCursor) throws(TraceFormatError) -> UInt32 {
        try expect(Marker.sectionStart, "the start of the memory section", &cursor)
        let number = try cursor.take(UInt32.self, "the section's number")
        let start = cursor.offset
        let name = try cursor.takeName(
            Int(cursor.take(UInt8.self, "the length of a name")),
            "the section's name"
        )
        _ = try cursor.take(UInt32.self, "the section's instance")
        let version = try cursor.take(UInt32.self, "the section's version")
        guard name == "ram" else {
            throw TraceFormatError(.unexpectedSection, at: start, "expected section ram: found \(name)")
        }
        guard version == ramVersion else {
            throw TraceFormatError(
                .unsupportedVersion,
                at: start,
                "expected version 4 of section ram: found \(version)"
            )
        }
        return number
    }

    /// Source: `ram_save_setup` and `ram_load` in `migration/ram.c`.
    private static func memoryTable(
        _ cursor: inout ByteCursor
    ) throws(TraceFormatError) -> ([RAMBlock], UInt64) {
        let start = cursor.offset
        let word = try cursor.take(UInt64.self, "the size of the memory")
        let total = word & ~Flag.mask
        guard word & Flag.mask == Flag.memorySize, (1...maximumRAM).contains(total) else {
            throw TraceFormatError(
                .invalidMemoryTable,
                at: start,
                "expected the size of the memory with flag 4: found 0x\(String(word, radix: 16))"
            )
        }
        var blocks: [RAMBlock] = []
        var names: Set<String> = []
        var left = total
        while left > 0 {
            let start = cursor.offset
            guard blocks.count < maximumBlocks else {
                throw TraceFormatError(
                    .invalidMemoryTable,
                    at: start,
                    "expected at most \(maximumBlocks) blocks of memory"
                )
            }
            let name = try cursor.takeName(
                Int(cursor.take(UInt8.self, "the length of a name")),
                "the name of a block of memory"
            )
            let bytes = try cursor.take(UInt64.self, "the size of block \(name)")
            guard names.insert(name).inserted else {
                throw TraceFormatError(.invalidName, at: start, "expected block \(name) once only")
            }
            guard bytes <= left else {
                throw TraceFormatError(
                    .invalidMemoryTable,
                    at: start,
                    "expected at most the remaining \(left) bytes in block \(name): found \(bytes)"
                )
            }
            blocks.append(RAMBlock(name: name, bytes: bytes))
            left -= bytes
        }
        return (blocks, total)
    }

    private static func closeMemorySection(
        _ section: UInt32,
        _ cursor: inout ByteCursor
    ) throws(TraceFormatError) -> Bool {
        let start = cursor.offset
        let word = try cursor.take(UInt64.self, "the end of the memory table")
        guard word == Flag.endOfSection else {
            throw TraceFormatError(
                .invalidMemoryTable,
                at: start,
                "expected the end of the table (0x10): found 0x\(String(word, radix: 16))"
            )
        }
        guard cursor.peek == Marker.footer else { return false }
        try expect(Marker.footer, "the footer of the memory section", &cursor)
        let place = cursor.offset
        let number = try cursor.take(UInt32.self, "the section's number")
        guard number == section else {
            throw TraceFormatError(
                .unexpectedSection,
                at: place,
                "expected the footer of section \(section): found that of \(number)"
            )
        }
        return true
    }

    private static func expect(
        _ marker: UInt8,
        _ what: String,
        _ cursor: inout ByteCursor
    ) throws(TraceFormatError) {
        let start = cursor.offset
        let found = try cursor.take(UInt8.self, what)
        guard found == marker else {
            throw TraceFormatError(
                .unexpectedSection,
                at: start,
                "expected \(what) (\(marker)): found \(found)"
            )
        }
    }
}
