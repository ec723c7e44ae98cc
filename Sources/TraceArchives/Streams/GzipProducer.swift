import CArchive

/// What gzip'd bytes unpack to; zlib compares the checksum and the length at the end.
final class GzipProducer: ByteProducer {
    private let input: any ByteProducer
    private let limits: ArchiveLimits
    private let stream: UnsafeMutablePointer<z_stream>
    private let block = Block()
    private var unpacked: UInt64 = 0
    private var hasEnded = false

    init(_ input: any ByteProducer, limits: ArchiveLimits) throws {
        self.input = input
        self.limits = limits
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 31: the largest window, and gzip's header and end only.
        let code = inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else {
            stream.deallocate()
            throw TraceArchiveError(.damaged, "zlib cannot be started: error \(code)")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    var consumed: UInt64 { input.consumed - UInt64(stream.pointee.avail_in) }

    func next() throws -> UnsafeRawBufferPointer? {
        while !hasEnded {
            if stream.pointee.avail_in == 0 { try refill() }
            stream.pointee.next_out = block.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(block.bytes.count)
            let code = inflate(stream, Z_NO_FLUSH)
            let got = block.bytes.count - Int(stream.pointee.avail_out)
            switch code {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END: try endMember()
            default:
                let reason = stream.pointee.msg.map { String(cString: $0) } ?? "error \(code)"
                throw TraceArchiveError(.damaged, at: consumed, "the gzip'd data is damaged: \(reason)")
            }
            guard got > 0 else { continue }
            unpacked += UInt64(got)
            try limits.check(unpacked: unpacked, of: consumed)
            return block.prefix(got)
        }
        return nil
    }

    private func refill() throws {
        guard let bytes = try input.next() else {
            throw TraceArchiveError(.truncated, at: consumed, "the gzip'd data stops before its end")
        }
        take(bytes)
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        )
        stream.pointee.avail_in = UInt32(bytes.count)
    }

    /// Gzip'd data may be several pieces, each with a header and an end of its own, and nothing else.
    private func endMember() throws {
        if stream.pointee.avail_in == 0 {
            guard let bytes = try input.next() else {
                hasEnded = true
                return
            }
            take(bytes)
        }
        guard stream.pointee.next_in.pointee == 0x1f, inflateReset(stream) == Z_OK else {
            throw TraceArchiveError(
                .trailingBytes,
                at: consumed,
                "something follows the end of the gzip'd data"
            )
        }
    }
}
