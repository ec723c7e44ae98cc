/// What the headers of a frame tell: who talks to whom.
///
/// Sources: IEEE 802.3 and 802.1Q, RFC 826 (ARP), RFC 791 (IPv4), RFC 8200 (IPv6), RFC 768 (UDP), RFC 9293 (TCP). All
/// big endian. The guest and its visitors can send anything: what does not fit is left out, and nothing is believed of
/// lengths but that they do not reach beyond the frame.
public struct PacketHeaders: Hashable, Sendable {
    /// The protocol that the frame carries.
    public enum Transport: Hashable, Sendable {
        /// The Transmission Control Protocol.
        case tcp
        /// The User Datagram Protocol.
        case udp
        /// The Internet Control Message Protocol, of IPv4 or IPv6.
        case icmp
        /// Address resolution, which is no protocol above IP.
        case arp
        /// Another protocol above IP, by its number.
        case ip(UInt8)
        /// Another type of frame, by its number in the Ethernet header.
        case ethernet(UInt16)
    }

    /// An end of a conversation.
    public struct Endpoint: Hashable, Sendable {
        /// The address as text: of IP where there is one, else of Ethernet.
        public var address: String
        /// The port; `nil` for what has none.
        public var port: UInt16?
    }

    /// The protocol.
    public var transport: Transport
    /// Who sent the frame.
    public var source: Endpoint
    /// Whom it is for.
    public var destination: Endpoint

    private static let ethernetBytes = 14

    /// Reads the headers of a frame.
    ///
    /// - Returns: Nothing where the frame is too short for Ethernet's.
    public init?(_ frame: [UInt8]) {
        guard frame.count >= Self.ethernetBytes else { return nil }
        var type = Self.word(frame[...], 12)
        var offset = Self.ethernetBytes
        // Tags of virtual networks, one in another.
        while type == 0x8100 || type == 0x88a8, frame.count >= offset + 4 {
            type = Self.word(frame[...], offset + 2)
            offset += 4
        }
        source = Endpoint(address: Self.hardwareAddress(frame[6..<12]), port: nil)
        destination = Endpoint(address: Self.hardwareAddress(frame[0..<6]), port: nil)
        transport = .ethernet(type)
        switch type {
        case 0x0800: readVersion4(frame[offset...])
        case 0x86dd: readVersion6(frame[offset...])
        case 0x0806: readResolution(frame[offset...])
        default: break
        }
    }

    private mutating func readVersion4(_ packet: ArraySlice<UInt8>) {
        let start = packet.startIndex
        guard packet.count >= 20, packet[start] >> 4 == 4 else { return }
        let headerBytes = Int(packet[start] & 0x0f) * 4
        guard headerBytes >= 20, packet.count >= headerBytes else { return }
        source.address = packet[start + 12..<start + 16].map(String.init).joined(separator: ".")
        destination.address = packet[start + 16..<start + 20].map(String.init).joined(separator: ".")
        // Only the first fragment has the ports.
        let isFirst = Self.word(packet, start + 6) & 0x1fff == 0
        readTransport(packet[start + 9], isFirst ? packet[(start + headerBytes)...] : [])
    }

    private mutating func readVersion6(_ packet: ArraySlice<UInt8>) {
        let start = packet.startIndex
        guard packet.count >= 40, packet[start] >> 4 == 6 else { return }
        source.address = Self.internetAddress6(packet[start + 8..<start + 24])
        destination.address = Self.internetAddress6(packet[start + 24..<start + 40])
        readTransport(packet[start + 6], packet[(start + 40)...])
    }

    private mutating func readTransport(_ number: UInt8, _ segment: ArraySlice<UInt8>) {
        switch number {
        case 6: transport = .tcp
        case 17: transport = .udp
        case 1, 58: transport = .icmp
        default: transport = .ip(number)
        }
        guard transport == .tcp || transport == .udp, segment.count >= 4 else { return }
        source.port = Self.word(segment, segment.startIndex)
        destination.port = Self.word(segment, segment.startIndex + 2)
    }

    private mutating func readResolution(_ packet: ArraySlice<UInt8>) {
        let start = packet.startIndex
        transport = .arp
        guard packet.count >= 28, Self.word(packet, start + 2) == 0x0800 else { return }
        source.address = packet[start + 14..<start + 18].map(String.init).joined(separator: ".")
        destination.address = packet[start + 24..<start + 28].map(String.init).joined(separator: ".")
    }

    private static func word(_ bytes: ArraySlice<UInt8>, _ offset: Int) -> UInt16 {
        UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
    }

    private static func hardwareAddress(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.map { hexadecimal($0, digits: 2) }.joined(separator: ":")
    }

    /// The text of RFC 5952: groups without leading zeros, the longest run of two or more zeros left out.
    private static func internetAddress6(_ bytes: ArraySlice<UInt8>) -> String {
        let start = bytes.startIndex
        let groups = (0..<8).map { UInt16(bytes[start + 2 * $0]) << 8 | UInt16(bytes[start + 2 * $0 + 1]) }
        var longest = 0..<0
        var run = 0..<0
        for (index, group) in groups.enumerated() {
            run = group != 0 ? index + 1..<index + 1 : run.lowerBound..<index + 1
            if run.count > max(longest.count, 1) { longest = run }
        }
        func text(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard !longest.isEmpty else { return text(groups[...]) }
        return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
    }
}

/// A number in hexadecimal with leading zeros.
func hexadecimal(_ value: some BinaryInteger, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}
