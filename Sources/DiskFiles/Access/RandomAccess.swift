/// Bytes that can be read anywhere, such as a raw disk.
public protocol RandomAccess: Sendable {
    /// How many bytes there are.
    var byteCount: UInt64 { get }

    /// Reads bytes.
    ///
    /// - Parameters:
    ///   - offset: Where they begin.
    ///   - count: How many to read.
    /// - Returns: Exactly `count` bytes.
    /// - Throws: ``DiskFormatError`` with code `beyondEnd` where there are fewer, or `cannotRead`.
    func read(at offset: UInt64, count: Int) throws(DiskFormatError) -> [UInt8]
}

extension RandomAccess {
    /// Sees that bytes are there before anything is allocated for them.
    func require(_ offset: UInt64, _ count: Int) throws(DiskFormatError) {
        guard count >= 0, offset <= byteCount, UInt64(count) <= byteCount - offset else {
            throw DiskFormatError(
                .beyondEnd,
                at: offset,
                "expected \(count) bytes: the disk ends at byte \(byteCount)"
            )
        }
    }
}

/// A disk in memory.
public struct MemoryDisk: RandomAccess {
    /// Its contents.
    public var bytes: [UInt8]

    /// Takes the contents of a disk.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// How many bytes there are.
    public var byteCount: UInt64 { UInt64(bytes.count) }

    /// Reads bytes.
    ///
    /// - Parameters:
    ///   - offset: Where they begin.
    ///   - count: How many to read.
    /// - Returns: Exactly `count` bytes.
    /// - Throws: ``DiskFormatError`` with code `beyondEnd`.
    public func read(at offset: UInt64, count: Int) throws(DiskFormatError) -> [UInt8] {
        try require(offset, count)
        return Array(bytes[Int(offset)..<Int(offset) + count])
    }
}
