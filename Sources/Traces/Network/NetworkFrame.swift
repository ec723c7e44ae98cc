/// A frame that came to the guest or left it.
public struct NetworkFrame: Hashable, Sendable {
    /// The number of the log's entry that it begins in, counted from 0.
    public var entry: Int
    /// When it came or went, in guest instructions.
    public var instructionCount: UInt64
    /// Whether it came or went.
    public var direction: PacketDirection
    /// Where its bytes lie, in bytes from the start of the log; several pieces where it filled several buffers.
    public var pieces: [Range<Int>]
    /// The reads of the time stamp counter around it.
    public var bracket: TimeBracket

    /// Its length in bytes, without the check sequence that ends it on a wire.
    ///
    /// The network card fills short frames for the guest up to 60 bytes, and takes the VLAN tag out for a guest that wants
    /// it so; the log has what the guest got.
    public var byteCount: Int { pieces.reduce(0) { $0 + $1.count } }
}

extension NondetLog {
    /// A copy of a frame's bytes.
    ///
    /// - Precondition: `frame` is one of this log.
    public func bytes(of frame: NetworkFrame) -> [UInt8] {
        frame.pieces.flatMap { bytes(of: $0) }
    }
}
