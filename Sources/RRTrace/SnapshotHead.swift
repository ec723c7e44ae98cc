/// What the beginning of a snapshot, `NAME-rr-snp`, tells of the machine.
///
/// A snapshot is a QEMU migration stream, big endian (migration/savevm.c, `qemu_savevm_state_begin`):
///
/// ```
/// 0   "QEVM"
/// 4   u32  version 3
///     u8   0x07 configuration: u32 length, the machine's name
///     u8   0x01 start of a section: u32 section, u8 length and name, u32 instance, u32 version
///     "ram": u64 total size | 0x04; for each block u8 length and name, u64 size
/// ```
public struct SnapshotHead: Sendable, Hashable {
    /// A block of memory of the machine.
    public struct Block: Sendable, Hashable {
        /// Its name: `pc.ram` is a PC's memory.
        public let name: String
        /// Its size in bytes.
        public let bytes: UInt64
    }

    /// The machine's name, such as `pc-i440fx-2.9`, where the stream tells it.
    public let machine: String?
    /// The blocks of memory, in the order of the stream.
    public let blocks: [Block]

    /// The size of the machine's main memory in bytes: of the largest block, which all others serve.
    public var memory: UInt64 { blocks.map(\.bytes).max() ?? 0 }

    private static let mostBlocks = 256
    private static let largestBlock: UInt64 = 1 << 46

    /// Reads the beginning of a snapshot.
    ///
    /// - Parameter path: The snapshot.
    /// - Throws: ``TraceFormatError`` where it is no migration stream, or is cut within its beginning.
    public init(of path: String) throws(TraceFormatError) {
        var reader = Reader(window: try FileWindow(path, windowSize: 64 << 10))
        let magic = try reader.number(UInt32.self)
        guard magic == 0x5145_564D else {
            throw reader.fault(.damaged, "the snapshot does not begin with QEVM, so it is no migration stream")
        }
        let version = try reader.number(UInt32.self)
        guard version == 3 else { throw reader.fault(.damaged, "migration stream of version \(version) instead of 3") }
        var section = try reader.number(UInt8.self)
        if section == 0x07 {
            let length = try reader.number(UInt32.self)
            guard length < 256 else { throw reader.fault(.damaged, "a machine's name of \(length) bytes") }
            machine = try reader.text(Int(length))
            section = try reader.number(UInt8.self)
        } else {
            machine = nil
        }
        guard section == 0x01 else {
            throw reader.fault(.damaged, "section type \(section) instead of the start of the memory")
        }
        _ = try reader.number(UInt32.self)
        let name = try reader.name()
        guard name == "ram" else { throw reader.fault(.damaged, "the first section is '\(name)' instead of 'ram'") }
        _ = try reader.number(UInt32.self)
        _ = try reader.number(UInt32.self)
        blocks = try Self.blocks(&reader)
    }

    private static func blocks(_ reader: inout Reader) throws(TraceFormatError) -> [Block] {
        let head = try reader.number(UInt64.self)
        guard head & 0xFFF == 0x04 else {
            throw reader.fault(.damaged, "the memory does not begin with the table of its blocks")
        }
        var rest = head & ~0xFFF
        var blocks: [Block] = []
        while rest > 0 {
            let name = try reader.name()
            let bytes = try reader.number(UInt64.self)
            guard bytes > 0, bytes <= rest, bytes <= largestBlock, blocks.count < mostBlocks else {
                throw reader.fault(.damaged, "the block '\(name)' of \(bytes) bytes, where \(rest) are left")
            }
            blocks.append(Block(name: name, bytes: bytes))
            rest -= bytes
        }
        return blocks
    }

    private struct Reader {
        let window: FileWindow
        var offset: UInt64 = 0

        mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
            _ type: Number.Type
        ) throws(TraceFormatError) -> Number {
            try take(MemoryLayout<Number>.size).bigEndian(at: 0, as: type)
        }

        mutating func name() throws(TraceFormatError) -> String {
            try text(Int(try number(UInt8.self)))
        }

        mutating func text(_ count: Int) throws(TraceFormatError) -> String {
            let bytes = try take(count)
            guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                throw fault(.damaged, "a name that is not printable")
            }
            return String(decoding: bytes, as: UTF8.self)
        }

        func fault(_ code: TraceFormatError.Code, _ message: String) -> TraceFormatError {
            TraceFormatError(code, offset: offset, message)
        }

        private mutating func take(_ count: Int) throws(TraceFormatError) -> UnsafeRawBufferPointer {
            guard let bytes = window.bytes(at: offset, count: count) else {
                throw fault(.notEnded, "the snapshot is cut in its beginning")
            }
            offset += UInt64(count)
            return bytes
        }
    }
}
