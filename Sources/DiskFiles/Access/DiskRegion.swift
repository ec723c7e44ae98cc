/// A part of a disk; errors name the byte on the whole disk.
public struct DiskRegion: RandomAccess {
    private let disk: any RandomAccess
    /// Where it begins on the disk, in bytes.
    public let start: UInt64
    /// How many bytes it has.
    public let byteCount: UInt64

    /// The whole disk.
    public init(_ disk: any RandomAccess) {
        self.disk = disk
        start = 0
        byteCount = disk.byteCount
    }

    /// A part of a disk.
    ///
    /// - Parameters:
    ///   - disk: The disk.
    ///   - start: The first byte.
    ///   - byteCount: How many bytes.
    /// - Throws: ``DiskFormatError`` with code `beyondEnd` where the disk is shorter.
    public init(_ disk: any RandomAccess, start: UInt64, byteCount: UInt64) throws(DiskFormatError) {
        guard start <= disk.byteCount, byteCount <= disk.byteCount - start else {
            throw DiskFormatError(
                .beyondEnd,
                at: start,
                "expected \(byteCount) bytes: the disk ends at byte \(disk.byteCount)"
            )
        }
        self.disk = disk
        self.start = start
        self.byteCount = byteCount
    }

    /// Reads bytes.
    ///
    /// - Parameters:
    ///   - offset: Where they begin in this part.
    ///   - count: How many to read.
    /// - Returns: Exactly `count` bytes.
    /// - Throws: ``DiskFormatError`` with code `beyondEnd` or `cannotRead`.
    public func read(at offset: UInt64, count: Int) throws(DiskFormatError) -> [UInt8] {
        guard count >= 0, offset <= byteCount, UInt64(count) <= byteCount - offset else {
            throw DiskFormatError(
                .beyondEnd,
                at: start &+ offset,
                "expected \(count) bytes: the partition ends at byte \(start + byteCount)"
            )
        }
        return try disk.read(at: start + offset, count: count)
    }

    /// A part of this part.
    func part(_ offset: UInt64, _ count: UInt64) throws(DiskFormatError) -> DiskRegion {
        guard offset <= byteCount, count <= byteCount - offset else {
            throw DiskFormatError(
                .beyondEnd,
                at: start &+ offset,
                "expected \(count) bytes: the partition ends at byte \(start + byteCount)"
            )
        }
        return try DiskRegion(disk, start: start + offset, byteCount: count)
    }

    /// Reads a structure.
    func record(at offset: UInt64, count: Int) throws(DiskFormatError) -> Record {
        Record(try read(at: offset, count: count), at: start + offset)
    }
}
