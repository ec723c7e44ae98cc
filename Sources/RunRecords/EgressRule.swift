import HostSupport

/// One destination that a guest may connect to: `ADDRESS[/PREFIX][:PORT[-PORT]][/tcp|udp]`, or `dns`.
///
/// Without a port and a transport, everything to the address is meant, pings and fragments too.
public struct EgressRule: Sendable, Hashable, CustomStringConvertible {
    /// What a frame carries.
    public enum Transport: String, Sendable, Codable {
        /// The Transmission Control Protocol.
        case tcp
        /// The User Datagram Protocol.
        case udp
    }

    /// The rule as it was written.
    public let description: String
    /// The network's address, in the host's byte order.
    let address: UInt32
    /// How many of its leading bits count.
    let prefix: Int
    /// The ports; any where there are none.
    public let ports: ClosedRange<UInt16>?
    /// The transport; any where there is none.
    public let transport: Transport?

    /// The address of the user network's own resolver, which asks the host's (QEMU's `-netdev user`).
    private static let resolver: UInt32 = 0x0A00_0203

    /// Reads a rule.
    ///
    /// - Parameter text: The text.
    /// - Throws: ``HostSupport/Failure`` with `usage`, naming the part that is wrong.
    public init(_ text: String) throws {
        func wrong(_ what: String) -> Failure {
            Failure(
                .usage,
                "the egress rule '\(text)' \(what)",
                hint:
                    "write ADDRESS[/PREFIX][:PORT[-PORT]][/tcp|udp], such as 192.0.2.7:80/tcp or 10.1.0.0/16, or 'dns'"
            )
        }
        description = text
        if text == "dns" {
            (address, prefix, ports, transport) = (Self.resolver, 32, 53...53, nil)
            return
        }
        var rest = Substring(text)
        if let slash = rest.lastIndex(of: "/"),
            let known = Transport(rawValue: String(rest[rest.index(after: slash)...]))
        {
            transport = known
            rest = rest[..<slash]
        } else {
            transport = nil
        }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2 else {
            throw wrong("has more than one ':'; only IPv4 addresses can be listed")
        }
        if parts.count == 2 {
            guard let ports = Self.ports(parts[1]) else { throw wrong("has '\(parts[1])' for its ports") }
            self.ports = ports
        } else {
            ports = nil
        }
        let network = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        guard network.count <= 2, let address = Self.address(network[0]) else {
            throw wrong("has '\(parts[0])' for its address, which is no IPv4 address")
        }
        let bits = network.count == 2 ? Self.number(network[1], most: 32) : 32
        guard let bits else { throw wrong("has '\(network[1])' for its prefix, which is no number up to 32") }
        guard address & ~Self.mask(bits) == 0 else {
            throw wrong("has bits set behind its prefix: /\(bits) covers more than that address")
        }
        self.address = address
        prefix = bits
    }

    /// Whether something is allowed by this rule.
    ///
    /// - Parameters:
    ///   - address: The destination, in the host's byte order.
    ///   - port: Its port; nothing for what has none.
    ///   - transport: The transport; nothing for another.
    /// - Returns: Whether it is.
    public func allows(_ address: UInt32, port: UInt16?, _ transport: Transport?) -> Bool {
        guard address & Self.mask(prefix) == self.address else { return false }
        if let special = Self.special.first(where: { address & Self.mask($0.prefix) == $0.address }) {
            guard prefix >= special.prefix else { return false }
        }
        if let wanted = self.transport, wanted != transport { return false }
        guard let ports else { return true }
        guard let port, transport != nil else { return false }
        return ports.contains(port)
    }

    /// What a wide rule does not reach, for it leads to this host itself or to all of a network: `0.0.0.0/8`,
    /// `10.0.2.0/24` (the user network: its addresses are this host's loopback), `127.0.0.0/8`, `169.254.0.0/16` (where
    /// clouds answer for a machine's secrets), and multicast and broadcast.
    private static let special: [(address: UInt32, prefix: Int)] = [
        (0, 8), (0x0A00_0200, 24), (0x7F00_0000, 8), (0xA9FE_0000, 16), (0xE000_0000, 3),
    ]

    private static func mask(_ prefix: Int) -> UInt32 { prefix == 0 ? 0 : ~0 << (32 - UInt32(prefix)) }

    private static func number(_ text: some StringProtocol, most: Int) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text), number <= most, text.utf8.count == 1 || !text.hasPrefix("0")
        else { return nil }
        return number
    }

    private static func address(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { number($0, most: 255) }
        guard parts.count == 4, numbers.count == 4 else { return nil }
        return numbers.reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func ports(_ text: Substring) -> ClosedRange<UInt16>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = ends.compactMap { number($0, most: 65535) }
        guard (1...2).contains(ends.count), numbers.count == ends.count, let first = numbers.first, first > 0,
            let last = numbers.last, first <= last
        else { return nil }
        return UInt16(first)...UInt16(last)
    }
}

extension EgressPolicy {
    /// What is listed, read.
    ///
    /// - Returns: The rules; none where everything or nothing is allowed.
    /// - Throws: ``HostSupport/Failure`` with `usage` for the first that is wrong.
    public func rules() throws -> [EgressRule] {
        guard case .allowed(let list) = self else { return [] }
        return try list.map { try EgressRule($0) }
    }
}
