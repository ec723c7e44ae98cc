/// What a reader believes of an archive.
public struct ArchiveLimits: Hashable, Sendable {
    /// The most that an archive may unpack to, in bytes, members that are passed over included; 64 GiB.
    public var unpackedBytes: UInt64

    /// The most bytes that one byte may unpack to, once an archive has given more than `ratioFloor` bytes.
    ///
    /// Snapshots and logs come to 3 to 60; gzip cannot do more than 1032, xz can do 7000.
    public var ratio: UInt64

    /// How much an archive may unpack to at any ratio, in bytes; 64 MiB.
    public var ratioFloor: UInt64

    /// The most bytes of a member that is text; 64 KiB.
    public var textBytes: UInt64

    /// The most members; 64.
    public var members: Int

    /// The most memory that xz may ask for, in bytes; 256 MiB, four times what `xz -9` takes.
    public var decoderBytes: UInt64

    /// Makes limits; without arguments, the usual ones.
    public init(
        unpackedBytes: UInt64 = 64 << 30,
        ratio: UInt64 = 1000,
        ratioFloor: UInt64 = 64 << 20,
        textBytes: UInt64 = 64 << 10,
        members: Int = 64,
        decoderBytes: UInt64 = 256 << 20
    ) {
        self.unpackedBytes = unpackedBytes
        self.ratio = ratio
        self.ratioFloor = ratioFloor
        self.textBytes = textBytes
        self.members = members
        self.decoderBytes = decoderBytes
    }

    func check(unpacked: UInt64, of packed: UInt64) throws(TraceArchiveError) {
        if unpacked > unpackedBytes {
            throw TraceArchiveError(
                .tooLarge,
                "it unpacks to more than the \(unpackedBytes) bytes that are allowed"
            )
        }
        if unpacked > ratioFloor, unpacked / max(1, packed) > ratio {
            throw TraceArchiveError(
                .tooLarge,
                at: packed,
                "it unpacks to more than \(ratio) times its size, as no recording does"
            )
        }
    }
}
