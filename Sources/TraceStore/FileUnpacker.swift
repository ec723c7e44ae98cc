import CZstd
public import HostSupport

/// Unpacks what ``FilePacker`` or the `zstd` command packed.
public struct FileUnpacker: Sendable {
    /// Prepares to unpack.
    public init() {}

    /// Unpacks a file, and gives it its name only if it is what is expected.
    ///
    /// - Parameters:
    ///   - packed: The packed file, which need not be believed: no more room is taken than expected.
    ///   - reference: The file that it was packed against.
    ///   - target: What to call the result; one that is there is replaced.
    ///   - expected: Its size and digest.
    /// - Throws: ``StoreError`` with `damagedFrame` or `wrongContents` where it is not what is expected.
    @concurrent public func unpack(
        _ packed: HostPath,
        against reference: HostPath? = nil,
        to target: HostPath,
        expecting expected: PackedFile.Facts
    ) async throws {
        let source = try MappedFile(packed)
        let prefix = try reference.map { try MappedFile($0) }
        guard let count = Int(exactly: expected.bytes), count <= FilePacker.largest * 64 else {
            throw StoreError(.wrongContents, "\(packed) is said to hold \(expected.bytes) bytes")
        }
        let claimed = ZSTD_getFrameContentSize(source.bytes.baseAddress, source.bytes.count)
        guard claimed == UInt64.max || claimed == expected.bytes else {
            throw StoreError(
                claimed == UInt64.max - 1 ? .damagedFrame : .wrongContents,
                claimed == UInt64.max - 1
                    ? "\(packed) is no frame of zstd"
                    : "\(packed) holds \(claimed) bytes, where \(expected.bytes) are expected"
            )
        }
        let draft = try MappedDraft(target, byteCount: count)
        try Frame(bytes: source.bytes, name: packed).unpack(into: draft.bytes, prefix: prefix?.bytes)
        try Task.checkCancellation()
        let facts = PackedFile.Facts(UnsafeRawBufferPointer(draft.bytes))
        guard facts == expected else {
            throw StoreError(
                .wrongContents,
                "\(packed) holds other bytes than expected: SHA-256 \(facts.sha256), not \(expected.sha256)"
            )
        }
        try draft.finish()
    }
}
