import RunRecords

/// What a frame of the guest's is to the user network: whatever is not understood here is dropped, so that there is no
/// second reading of it.
enum OutgoingFrame: Hashable {
    /// What keeps a network together: address resolution, and the lease of an address.
    case housekeeping
    /// The next of a TCP connection that there is, or the answer to one from outside.
    case segment
    /// The beginning of a TCP connection.
    case connection(address: UInt32, port: UInt16)
    /// A datagram.
    case datagram(address: UInt32, port: UInt16, from: UInt16)
    /// A ping.
    case ping(address: UInt32)
    /// A part of a packet, whose ports lie elsewhere.
    case fragment(address: UInt32)
    /// What the user network would take for nothing, or what could begin nothing.
    case other

    private static let servers: Set<UInt32> = [0x0A00_0202, 0xFFFF_FFFF]

    /// Reads a frame.
    ///
    /// Sources: IEEE 802.3, RFC 826 (ARP), RFC 791 (IPv4), RFC 768 (UDP), RFC 9293 (TCP), RFC 792 (ICMP), RFC 2131 (DHCP).
    init(_ frame: some RandomAccessCollection<UInt8>) {
        let bytes = Array(frame.prefix(14 + 60 + 20))
        func word(_ offset: Int) -> UInt16 { UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1]) }
        guard bytes.count >= 14 else {
            self = .other
            return
        }
        guard word(12) == 0x0800 else {
            self = word(12) == 0x0806 ? .housekeeping : .other
            return
        }
        guard bytes.count >= 34, bytes[14] >> 4 == 4 else {
            self = .other
            return
        }
        let header = Int(bytes[14] & 15) * 4
        let length = Int(word(16))
        let address = UInt32(word(30)) << 16 | UInt32(word(32))
        guard header >= 20, length >= header, frame.count >= 14 + length else {
            self = .other
            return
        }
        // "More fragments", or an offset.
        guard word(20) & 0x3FFF == 0 else {
            self = .fragment(address: address)
            return
        }
        let start = 14 + header
        let room = length - header
        switch bytes[23] {
        case 6 where room >= 20:
            // SYN, and not ACK.
            self =
                bytes[start + 13] & 0b1_0010 == 0b0010
                ? .connection(address: address, port: word(start + 2)) : .segment
        case 17 where room >= 8:
            let (source, port) = (word(start), word(start + 2))
            let isLease = source == 68 && port == 67 && Self.servers.contains(address)
            self = isLease ? .housekeeping : .datagram(address: address, port: port, from: source)
        case 1 where room >= 8 && bytes[start] == 8:
            self = .ping(address: address)
        default:
            self = .other
        }
    }

    /// The destination, as ``RunRecords/RefusedTraffic`` tells it; nothing for what could begin nothing.
    var destination: String? {
        switch self {
        case .connection(let address, let port): "\(Self.text(address)):\(port)/tcp"
        case .datagram(let address, let port, _):
            // Multicast and broadcast are looked for by whatever a system brings along.
            address >= 0xE000_0000 ? nil : "\(Self.text(address)):\(port)/udp"
        case .ping(let address): "\(Self.text(address))/icmp"
        case .fragment(let address): "\(Self.text(address))/fragment"
        case .housekeeping, .segment, .other: nil
        }
    }

    private static func text(_ address: UInt32) -> String {
        [24, 16, 8, 0].map { "\(address >> $0 & 0xFF)" }.joined(separator: ".")
    }
}
