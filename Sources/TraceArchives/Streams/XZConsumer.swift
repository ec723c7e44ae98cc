import CArchive
import Foundation

/// Compresses with xz, on all processors, at xz's usual level of 6.
///
/// liblzma cuts blocks at the same places whatever the number of processors, so the same bytes always come to the same.
final class XZConsumer: ByteConsumer {
    private let output: any ByteConsumer
    private let stream: UnsafeMutablePointer<lzma_stream>
    private let block = Block()

    init(_ output: any ByteConsumer) throws {
        self.output = output
        stream = .allocate(capacity: 1)
        stream.initialize(to: lzma_stream())
        var options = lzma_mt()
        options.threads = UInt32(max(1, min(16, ProcessInfo.processInfo.activeProcessorCount)))
        options.preset = 6
        options.check = LZMA_CHECK_CRC64
        let code = lzma_stream_encoder_mt(stream, &options)
        guard code == LZMA_OK else {
            stream.deallocate()
            throw TraceArchiveError(.damaged, "liblzma cannot be started: error \(code.rawValue)")
        }
    }

    deinit {
        lzma_end(stream)
        stream.deallocate()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        stream.pointee.next_in = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = bytes.count
        while stream.pointee.avail_in > 0 { _ = try code(LZMA_RUN) }
    }

    func finish() throws {
        while try !code(LZMA_FINISH) {}
        try output.finish()
    }

    /// Lets the encoder go on and passes on what it gives; says whether it is done.
    private func code(_ action: lzma_action) throws -> Bool {
        try checkForInterrupt()
        stream.pointee.next_out = block.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = block.bytes.count
        let code = lzma_code(stream, action)
        guard code == LZMA_OK || code == LZMA_STREAM_END else {
            throw TraceArchiveError(.damaged, "liblzma cannot compress: error \(code.rawValue)")
        }
        let got = block.bytes.count - stream.pointee.avail_out
        if got > 0 { try output.write(block.prefix(got)) }
        return code == LZMA_STREAM_END
    }
}
