import CArchive

/// What xz'd bytes unpack to; liblzma compares the checks in it, and is refused more memory than the limits say.
final class XZProducer: ByteProducer {
    private let input: any ByteProducer
    private let limits: ArchiveLimits
    private let stream: UnsafeMutablePointer<lzma_stream>
    private let block = Block()
    private var unpacked: UInt64 = 0
    private var hasEnded = false

    init(_ input: any ByteProducer, limits: ArchiveLimits) throws {
        self.input = input
        self.limits = limits
        stream = .allocate(capacity: 1)
        stream.initialize(to: lzma_stream())
        let code = lzma_stream_decoder(stream, limits.decoderBytes, 0)
        guard code == LZMA_OK else {
            stream.deallocate()
            throw TraceArchiveError(.damaged, "liblzma cannot be started: error \(code.rawValue)")
        }
    }

    deinit {
        lzma_end(stream)
        stream.deallocate()
    }

    var consumed: UInt64 { input.consumed - UInt64(stream.pointee.avail_in) }

    func next() throws -> UnsafeRawBufferPointer? {
        while !hasEnded {
            if stream.pointee.avail_in == 0 {
                guard let bytes = try input.next() else {
                    throw TraceArchiveError(.truncated, at: consumed, "the xz'd data stops before its end")
                }
                stream.pointee.next_in = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_in = bytes.count
            }
            stream.pointee.next_out = block.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = block.bytes.count
            let code = lzma_code(stream, LZMA_RUN)
            let got = block.bytes.count - stream.pointee.avail_out
            switch code {
            case LZMA_OK, LZMA_BUF_ERROR: break
            case LZMA_STREAM_END: try end()
            case LZMA_MEMLIMIT_ERROR:
                throw TraceArchiveError(
                    .tooLarge,
                    at: consumed,
                    "unpacking takes \(lzma_memusage(stream)) bytes of memory, "
                        + "more than the \(limits.decoderBytes) allowed"
                )
            default:
                throw TraceArchiveError(
                    .damaged,
                    at: consumed,
                    "the xz'd data is damaged: liblzma's error \(code.rawValue)"
                )
            }
            guard got > 0 else { continue }
            unpacked += UInt64(got)
            try limits.check(unpacked: unpacked, of: consumed)
            return block.prefix(got)
        }
        return nil
    }

    private func end() throws {
        hasEnded = true
        guard stream.pointee.avail_in == 0, try input.next() == nil else {
            throw TraceArchiveError(
                .trailingBytes,
                at: consumed,
                "something follows the end of the xz'd data"
            )
        }
    }
}
