import HostSupport

/// Takes the MD5 digest of what passes, and hands it out at the end.
final class MD5Consumer: ByteConsumer {
    private let output: any ByteConsumer
    private var digest = RunningDigest(.md5)
    private let end: ([UInt8]) throws -> Void

    init(_ output: any ByteConsumer, end: @escaping ([UInt8]) throws -> Void) {
        self.output = output
        self.end = end
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        digest.update(bytes)
        try output.write(bytes)
    }

    func finish() throws {
        try end(digest.bytes)
        try output.finish()
    }
}
