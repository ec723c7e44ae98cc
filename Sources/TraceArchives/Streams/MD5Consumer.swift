import Crypto

/// Takes the MD5 digest of what passes, and hands it out at the end.
final class MD5Consumer: ByteConsumer {
    private let output: any ByteConsumer
    private var digest = Insecure.MD5()
    private let end: ([UInt8]) throws -> Void

    init(_ output: any ByteConsumer, end: @escaping ([UInt8]) throws -> Void) {
        self.output = output
        self.end = end
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        digest.update(bufferPointer: bytes)
        try output.write(bytes)
    }

    func finish() throws {
        try end(Array(digest.finalize()))
        try output.finish()
    }
}
