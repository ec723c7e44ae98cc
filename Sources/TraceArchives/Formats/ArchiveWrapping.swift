/// What a tar is wrapped in.
enum ArchiveWrapping: Hashable {
    case plain
    case gzip
    /// xz behind the header of an `.rr` file.
    case rr(RRHeader)

    /// Tells by the first bytes of a file; nothing where it is no tar as far as these say.
    init?(of head: UnsafeRawBufferPointer) throws(TraceArchiveError) {
        if head.starts(with: RRHeader.magic) {
            self = .rr(try RRHeader(head))
        } else if head.starts(with: [0x1f, 0x8b, 8]) {
            // The 8 is for deflate: by two bytes alone, one log in 65536 would be taken for it.
            self = .gzip
        } else if head.count >= 512, head[257..<262].elementsEqual("ustar".utf8) {
            self = .plain
        } else {
            return nil
        }
    }

    /// Where the tar begins, in bytes from the start of the file.
    var offset: UInt64 {
        if case .rr = self { UInt64(RRHeader.byteCount) } else { 0 }
    }

    func unwrap(_ input: any ByteProducer, limits: ArchiveLimits) throws -> any ByteProducer {
        switch self {
        case .plain: PlainProducer(input, limits: limits)
        case .gzip: try GzipProducer(input, limits: limits)
        case .rr: try XZProducer(input, limits: limits)
        }
    }
}

/// What an `.rr` file begins with (PANDA's `panda/scripts/rrpack.py`).
struct RRHeader: Hashable {
    static let magic = Array("PANDA_RR".utf8)
    static let byteCount = 32

    /// The number of guest instructions; `rrpack.py` writes something else there.
    var instructions: UInt64
    /// The MD5 digest of all that follows.
    var md5: [UInt8]

    init(instructions: UInt64, md5: [UInt8]) {
        self.instructions = instructions
        self.md5 = md5
    }

    init(_ head: UnsafeRawBufferPointer) throws(TraceArchiveError) {
        guard head.count >= Self.byteCount else {
            throw TraceArchiveError(
                .truncated,
                at: UInt64(head.count),
                "expected a header of \(Self.byteCount) bytes: found \(head.count)"
            )
        }
        instructions = UInt64(littleEndian: head.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        md5 = Array(head[16..<32])
    }

    var bytes: [UInt8] {
        withUnsafeBytes(of: instructions.littleEndian) { Self.magic + $0 + md5 }
    }
}
