/// What a frame of the guest's network tells of a conversation over TCP or UDP.
///
/// Sources: IEEE 802.3, RFC 791 (IPv4), RFC 8200 (IPv6), RFC 768 (UDP), RFC 9293 (TCP). Nothing is believed of lengths
/// but that they do not reach beyond the frame.
public struct PeerFrame: Sendable {
    /// What tells one conversation from another.
    public struct Conversation: Sendable, Hashable {
        /// Whether it is over TCP, and not UDP.
        public let isTCP: Bool
        /// The peer's address: 4 bytes, or 16; of its own, for whoever keeps it must not keep all of the frame.
        public let address: [UInt8]
        /// The peer's port.
        public let port: UInt16
        /// The guest's port.
        public let guestPort: UInt16

        /// Whether it is about the lease of an address (DHCP), which is the network's own.
        public var isLease: Bool { !isTCP && [67, 68].contains(guestPort) }
    }

    /// TCP's flags, at their places (RFC 9293).
    public struct Flags: OptionSet, Sendable {
        /// The flags as the segment has them.
        public let rawValue: UInt8

        /// Takes a segment's flags.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// The sender has no more to send.
        public static let end = Self(rawValue: 1)
        /// The sender wants a connection.
        public static let synchronise = Self(rawValue: 2)
        /// There is no such connection.
        public static let reset = Self(rawValue: 4)
        /// The sender has received something.
        public static let acknowledgement = Self(rawValue: 16)
    }

    /// The conversation that it belongs to.
    public let conversation: Conversation
    /// Whether it goes to the guest.
    public let isFromPeer: Bool
    /// The flags of TCP; none of UDP.
    public let flags: Flags
    /// Whether it asks for a connection.
    public var isBeginning: Bool { flags.contains(.synchronise) && !flags.contains(.acknowledgement) }
    /// The number of the first byte that it carries (TCP's).
    let sequence: UInt32
    /// What it carries.
    let payload: ArraySlice<UInt8>

    /// The address that slirp's frames come from begins so (slirp/slirp.c, `special_ethaddr`).
    private static let peerPrefix: [UInt8] = [0x52, 0x55]

    /// Reads a frame, in either direction; nothing where it is of no such conversation.
    public init?(_ frame: ArraySlice<UInt8>) {
        guard frame.count >= 34 else { return nil }
        let bytes = Bytes(slice: frame)
        isFromPeer = frame.dropFirst(6).prefix(2).elementsEqual(Self.peerPrefix)
        let transport: UInt8
        let segment: Bytes
        let addresses: (source: ArraySlice<UInt8>, target: ArraySlice<UInt8>)
        switch (bytes.word(12), bytes[14] >> 4) {
        case (0x0800, 4):
            let header = Int(bytes[14] & 15) * 4
            // Only the first fragment has the ports; what is behind the packet fills the frame up.
            let length = min(Int(bytes.word(16)), frame.count - 14)
            guard header >= 20, bytes.word(20) & 0x1FFF == 0, length >= header else { return nil }
            transport = bytes[23]
            addresses = (bytes[26..<30], bytes[30..<34])
            segment = Bytes(slice: bytes[14 + header..<14 + length])
        case (0x86DD, 6):
            guard frame.count >= 54 else { return nil }
            transport = bytes[20]
            addresses = (bytes[22..<38], bytes[38..<54])
            segment = Bytes(slice: bytes[54..<54 + min(Int(bytes.word(18)), frame.count - 54)])
        default: return nil
        }
        switch transport {
        case 6:
            guard segment.slice.count >= 20 else { return nil }
            let header = Int(segment[12] >> 4) * 4
            guard header >= 20, segment.slice.count >= header else { return nil }
            flags = Flags(rawValue: segment[13])
            sequence = UInt32(segment.word(4)) << 16 | UInt32(segment.word(6))
            payload = segment[header..<segment.slice.count]
        case 17:
            guard segment.slice.count >= 8 else { return nil }
            flags = []
            sequence = 0
            payload = segment[8..<segment.slice.count]
        default: return nil
        }
        conversation = Conversation(
            isTCP: transport == 6,
            address: Array(isFromPeer ? addresses.source : addresses.target),
            port: segment.word(isFromPeer ? 0 : 2),
            guestPort: segment.word(isFromPeer ? 2 : 0)
        )
    }

    /// Bytes by their place behind the first one.
    private struct Bytes {
        let slice: ArraySlice<UInt8>

        subscript(offset: Int) -> UInt8 { slice[slice.startIndex + offset] }

        subscript(range: Range<Int>) -> ArraySlice<UInt8> {
            slice[slice.startIndex + range.lowerBound..<slice.startIndex + range.upperBound]
        }

        func word(_ offset: Int) -> UInt16 { UInt16(self[offset]) << 8 | UInt16(self[offset + 1]) }
    }
}
