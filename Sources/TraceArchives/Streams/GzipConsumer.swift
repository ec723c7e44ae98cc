import CArchive
import Dispatch
import Foundation

/// Compresses with gzip, on all processors, into one piece that any gzip reads.
///
/// Each block is compressed by itself with the end of the one before as its dictionary, and ends at a byte; the blocks
/// are cut at the same places whatever the number of processors, so the same bytes always come to the same. The header
/// has no time and no name. The level is zlib's usual one, 6, which libarchive, and so PANDA, uses.
final class GzipConsumer: ByteConsumer {
    private static let chunk = 1 << 20
    private static let window = 32 << 10
    /// Gzip's mark, deflate, no flags, no time, no hint at the level, made on Unix.
    private static let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]

    private let output: any ByteConsumer
    private let jobs: [DeflateJob]
    private var filled = 0
    private var checksum: UInt = 0
    private var total: UInt64 = 0
    private var hasHeader = false

    init(_ output: any ByteConsumer) {
        self.output = output
        jobs = (0..<max(1, min(16, ProcessInfo.processInfo.activeProcessorCount))).map { _ in
            DeflateJob(chunk: Self.chunk, window: Self.window)
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        checksum = crc32_z(checksum, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        total += UInt64(bytes.count)
        var rest = bytes[...]
        while !rest.isEmpty {
            if filled == jobs.count, jobs[filled - 1].isFull { try flush(isLast: false) }
            if filled == 0 || jobs[filled - 1].isFull { filled += 1 }
            rest = rest.dropFirst(jobs[filled - 1].take(UnsafeRawBufferPointer(rebasing: rest)))
        }
    }

    func finish() throws {
        try flush(isLast: true)
        var end: [UInt8] = []
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: checksum).littleEndian) { end += $0 }
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: total).littleEndian) { end += $0 }
        try end.withUnsafeBytes { try output.write($0) }
        try output.finish()
    }

    private func flush(isLast: Bool) throws {
        try checkForInterrupt()
        if !hasHeader {
            hasHeader = true
            try Self.header.withUnsafeBytes { try output.write($0) }
        }
        let count = max(filled, 1)
        for (index, job) in jobs.prefix(count).enumerated() { job.isLast = isLast && index == count - 1 }
        // Nothing else reads or writes a job meanwhile.
        nonisolated(unsafe) let jobs = jobs
        DispatchQueue.concurrentPerform(iterations: count) {
            jobs[$0].run(after: $0 == 0 ? nil : jobs[$0 - 1])
        }
        for job in jobs.prefix(count) { try output.write(job.result()) }
        // The next one's dictionary is the end of the last.
        jobs[0].adopt(jobs[count - 1])
        for job in jobs.prefix(count) { job.clear() }
        filled = 0
    }
}

/// A block, and what it is compressed to.
private final class DeflateJob {
    private let source: Block
    private let target: Block
    private let inherited: Block
    private var inheritedCount = 0
    private var count = 0
    private var packed = 0
    private var error = Z_OK
    var isLast = false

    init(chunk: Int, window: Int) {
        source = Block(chunk)
        inherited = Block(window)
        // What zlib needs for bytes that cannot be compressed, and for ending at a byte.
        target = Block(Int(compressBound(UInt(chunk))) + 64)
    }

    var isFull: Bool { count == source.bytes.count }

    func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        let taken = min(bytes.count, source.bytes.count - count)
        UnsafeMutableRawBufferPointer(rebasing: source.bytes[count..<count + taken])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<taken]))
        count += taken
        return taken
    }

    func clear() { count = 0 }

    /// Keeps the end of another block for the one that follows it.
    func adopt(_ other: DeflateJob) {
        let end = other.source.bytes[..<other.count].suffix(inherited.bytes.count)
        inheritedCount = end.count
        inherited.bytes.copyBytes(from: end)
    }

    func run(after previous: DeflateJob?) {
        // zlib remembers where it is.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        // -15: bare data without header and end; 8: zlib's usual share of memory.
        error = deflateInit2_(
            stream,
            6,
            Z_DEFLATED,
            -15,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard error == Z_OK else { return }
        defer { deflateEnd(stream) }
        let dictionary = UnsafeRawBufferPointer(
            rebasing: previous.map { $0.source.bytes[..<$0.count].suffix(inherited.bytes.count) }
                ?? inherited.bytes[..<inheritedCount]
        )
        if let start = dictionary.baseAddress, !dictionary.isEmpty {
            let code = deflateSetDictionary(
                stream,
                start.assumingMemoryBound(to: UInt8.self),
                UInt32(dictionary.count)
            )
            guard code == Z_OK else {
                error = code
                return
            }
        }
        stream.pointee.next_in = source.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(count)
        stream.pointee.next_out = target.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(target.bytes.count)
        let code = deflate(stream, isLast ? Z_FINISH : Z_SYNC_FLUSH)
        error = code == (isLast ? Z_STREAM_END : Z_OK) && stream.pointee.avail_out > 0 ? Z_OK : Z_BUF_ERROR
        packed = target.bytes.count - Int(stream.pointee.avail_out)
    }

    func result() throws -> UnsafeRawBufferPointer {
        guard error == Z_OK else { throw TraceArchiveError(.damaged, "zlib cannot compress: error \(error)") }
        return target.prefix(packed)
    }
}
