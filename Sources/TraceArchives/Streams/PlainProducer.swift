/// Bytes as they are, held against the limits.
final class PlainProducer: ByteProducer {
    private let input: any ByteProducer
    private let limits: ArchiveLimits

    init(_ input: any ByteProducer, limits: ArchiveLimits) {
        self.input = input
        self.limits = limits
    }

    var consumed: UInt64 { input.consumed }

    func next() throws -> UnsafeRawBufferPointer? {
        guard let bytes = try input.next() else { return nil }
        try limits.check(unpacked: input.consumed, of: input.consumed)
        return bytes
    }
}
