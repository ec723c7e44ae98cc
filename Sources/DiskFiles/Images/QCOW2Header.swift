/// The header of a qcow2 image, as far as it decides whether the image can be trusted and taken.
///
/// Source: docs/interop/qcow2.txt of QEMU.
public struct QCOW2Header: Sendable, Hashable {
    /// The first bytes of every image.
    public static let magic: [UInt8] = [0x51, 0x46, 0x49, 0xfb]

    /// 2, or 3 for `compat=1.1`.
    public let version: Int
    /// The size of the disk in bytes.
    public let virtualBytes: UInt64
    /// The name of the backing file, as it stands there.
    public let backingFile: String?
    /// The format of the backing file, where it is said.
    public let backingFormat: String?
    /// Whether the contents are encrypted.
    public let isEncrypted: Bool
    /// How many internal snapshots there are.
    public let snapshots: Int
    /// Whether the image was marked as damaged.
    public let isCorrupt: Bool
    /// Whether the contents lie in another file.
    public let hasExternalData: Bool

    /// Reads the header.
    ///
    /// - Parameter file: The image's file.
    /// - Throws: ``DiskFormatError`` with code `invalidImage`, `unsupportedFeature` or `beyondEnd`.
    public init(_ file: any RandomAccess) throws(DiskFormatError) {
        let region = DiskRegion(file)
        let head = try region.record(at: 0, count: 72)
        guard head.slice(0..<4) == Self.magic else {
            throw DiskFormatError(
                .invalidImage,
                at: 0,
                "expected 'QFI' and fb, the signature of a qcow2 image"
            )
        }
        version = Int(head.bigWord(4))
        guard version == 2 || version == 3 else {
            throw DiskFormatError(.unsupportedFeature, at: 4, "expected version 2 or 3: found \(version)")
        }
        let clusterBits = head.bigWord(20)
        guard (9...21).contains(clusterBits) else {
            throw DiskFormatError(
                .invalidImage,
                at: 20,
                "expected 9 to 21 cluster bits: found \(clusterBits)"
            )
        }
        virtualBytes = head.bigLong(24)
        guard virtualBytes <= 1 << 62 else {
            throw DiskFormatError(.invalidImage, at: 24, "expected a size below 2^62: found \(virtualBytes)")
        }
        isEncrypted = head.bigWord(32) != 0
        snapshots = Int(head.bigWord(60))
        var length: UInt64 = 72
        var features: UInt64 = 0
        if version == 3 {
            let more = try region.record(at: 72, count: 32)
            features = more.bigLong(0)
            length = UInt64(more.bigWord(28))
        }
        // Dirty, corrupt, external data, compression type, extended L2 entries.
        guard features & ~0x1f == 0 else {
            throw DiskFormatError(.unsupportedFeature, at: 72, "expected features 0 to 4: found \(features)")
        }
        isCorrupt = features & 2 != 0
        let cluster = UInt64(1) << UInt64(clusterBits)
        guard length >= (version == 3 ? 104 : 72), length <= cluster else {
            throw DiskFormatError(
                .invalidImage,
                at: 100,
                "expected a header of up to \(cluster) bytes: found \(length)"
            )
        }
        let extensions = try Self.extensions(region, from: length, to: min(cluster, file.byteCount))
        hasExternalData = features & 4 != 0 || extensions[0x4441_5441] != nil
        backingFormat = extensions[0xe279_2aca].map { String(decoding: $0, as: UTF8.self) }
        let name = (start: head.bigLong(8), count: Int(head.bigWord(16)))
        guard name.start != 0 else {
            backingFile = nil
            return
        }
        guard (1...1023).contains(name.count), name.start < cluster else {
            throw DiskFormatError(
                .invalidImage,
                at: 8,
                "expected the backing file's name in the first cluster"
            )
        }
        let bytes = try region.read(at: name.start, count: name.count)
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw DiskFormatError(.invalidImage, at: name.start, "expected the backing file's name in UTF-8")
        }
        backingFile = text
    }

    private static func extensions(
        _ region: DiskRegion,
        from start: UInt64,
        to end: UInt64
    ) throws(DiskFormatError) -> [UInt32: [UInt8]] {
        var found: [UInt32: [UInt8]] = [:]
        var place = start
        while place + 8 <= end {
            let head = try region.record(at: place, count: 8)
            let length = UInt64(head.bigWord(4))
            if head.bigWord(0) == 0 { break }
            guard length <= end - place - 8, found.count < 64 else {
                throw DiskFormatError(
                    .invalidImage,
                    at: place,
                    "expected a header extension within the first cluster: found \(length) bytes"
                )
            }
            found[head.bigWord(0)] = try region.read(at: place + 8, count: Int(length))
            place += 8 + (length + 7) / 8 * 8
        }
        return found
    }
}
