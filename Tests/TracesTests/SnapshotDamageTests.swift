import Testing
import Traces

@Suite("Snapshot head: damage")
struct SnapshotDamageTests {
    private func code(_ change: (inout SnapshotStream) -> Void) -> TraceFormatError.Code? {
        var stream = SnapshotStream()
        change(&stream)
        return code(of: stream.bytes)
    }

    private func code(of bytes: [UInt8]) -> TraceFormatError.Code? {
        #expect(throws: TraceFormatError.self) { try SnapshotHead(bytes: bytes) }?.code
    }

    @Test("not a stream, or not of a version known here")
    func identity() {
        #expect(code { $0.magic = 0x7f45_4c46 } == .notMigrationStream)
        #expect(code { $0.version = 2 } == .unsupportedVersion)
        #expect(code { $0.sectionVersion = 5 } == .unsupportedVersion)
        #expect(code(of: []) == .streamCut)
    }

    @Test("another section than memory's, or another's footer")
    func sections() {
        #expect(code { $0.section = "block" } == .unexpectedSection)
        #expect(code { $0.footerSection = 9 } == .unexpectedSection)
        #expect(
            code(of: Bytes.big(UInt32(0x5145_564d)) + Bytes.big(UInt32(3)) + [0x04]) == .unexpectedSection
        )
    }

    @Test("names that could do harm on a terminal")
    func names() {
        #expect(code { $0.machine = "pc\u{1b}[2J" } == .invalidName)
        #expect(code { $0.machine = "" } == .invalidName)
        #expect(code { $0.machine = String(repeating: "x", count: 256) } == .invalidName)
        #expect(code { $0.blocks[1].name = "a\0b" } == .invalidName)
        #expect(code { $0.blocks[1].name = "" } == .invalidName)
        #expect(code { $0.blocks[1].name = "pc.ram" } == .invalidName)
    }

    @Test("sizes that do not add up")
    func sizes() {
        #expect(code { $0.blocks[0].bytes = 1 << 60 } == .invalidMemoryTable)
        #expect(code { $0.total = 0 } == .invalidMemoryTable)
        #expect(code { $0.total = UInt64.max << 10 } == .invalidMemoryTable)
        #expect(code { $0.total = 64 << 20 } == .invalidMemoryTable)
        // A total of more than the blocks: what follows the table is taken for a block.
        #expect(code { $0.total = 1 << 40 } != nil)
    }

    @Test("blocks without size do not make an endless table")
    func endlessTable() {
        #expect(
            code { stream in
                stream.total = 1 << 30
                stream.blocks = (0..<2000).map { ("b\($0)", 0) }
            } == .invalidMemoryTable
        )
    }

    @Test("a length that claims four gigabytes is not believed")
    func hugeName() {
        let bytes =
            Bytes.big(UInt32(0x5145_564d)) + Bytes.big(UInt32(3)) + [0x07] + Bytes.big(UInt32.max) + [0x61]
        #expect(code(of: bytes) == .invalidName)
    }

    @Test("a description whose length is wrong is no end")
    func wrongDescription() throws {
        let stream = SnapshotStream()
        let bytes = stream.bytes
        #expect(try SnapshotHead(bytes: bytes + [0x20]).isCut)
        #expect(try SnapshotHead(bytes: bytes + Array("}".utf8)).isCut)
        #expect(try SnapshotHead(bytes: Array(bytes.dropLast()) + [0x00]).isCut)

        // Without the last section's footer before it, an end marker is not believed.
        var unfooted = bytes
        unfooted[bytes.count - (stream.description?.utf8.count ?? 0) - 11] = 0x7f
        #expect(try SnapshotHead(bytes: unfooted).isCut)
    }
}
