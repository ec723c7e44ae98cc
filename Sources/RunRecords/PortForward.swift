public import HostSupport

/// A port of the host that leads to a port of the guest: `FROM:TO[:SCOPE[:PROTO]]`, as in the original PANDAcap.
///
/// `FROM` is a guest port or `ssh` (22) or `sftp` (2222); `TO` is a host port, 0 for one that is free; `SCOPE` is
/// `l` for the loopback address or `*` for all addresses; `PROTO` is `tcp` or `udp`.
public struct PortForward: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The port in the guest.
    public let guestPort: UInt16
    /// The port on the host; 0 until one is chosen.
    public var hostPort: UInt16
    /// Whether it is reached from the host alone, through the loopback address.
    public let isLocal: Bool
    /// The protocol.
    public let transport: HostPort.Transport

    /// Describes a forwarded port.
    public init(
        guestPort: UInt16,
        hostPort: UInt16,
        isLocal: Bool = true,
        transport: HostPort.Transport = .tcp
    ) {
        self.guestPort = guestPort
        self.hostPort = hostPort
        self.isLocal = isLocal
        self.transport = transport
    }

    /// Reads `FROM:TO[:SCOPE[:PROTO]]`.
    ///
    /// Without a scope the port is local: nothing listens beyond the loopback address unless it is told to.
    ///
    /// - Parameter text: The text.
    /// - Throws: ``HostSupport/Failure`` with `usage`, naming the part that is wrong.
    public init(_ text: String) throws {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        func wrong(_ what: String) -> Failure {
            Failure(
                .usage,
                "the port forward '\(text)' \(what)",
                hint: "write FROM:TO[:SCOPE[:PROTO]], such as ssh:2200 or 8080:8080:*:tcp"
            )
        }
        guard (2...4).contains(parts.count) else { throw wrong("has \(parts.count) parts instead of 2 to 4") }
        guard let guest = Self.aliases[parts[0]] ?? UInt16(parts[0]), guest > 0 else {
            throw wrong("has '\(parts[0])' for the guest's port, which is no port, 'ssh' or 'sftp'")
        }
        guard let host = UInt16(parts[1]) else { throw wrong("has '\(parts[1])' for the host's port") }
        let scope = parts.count > 2 ? parts[2] : "l"
        guard ["l", "*"].contains(scope) else {
            throw wrong("has the scope '\(scope)', which is neither 'l' nor '*'")
        }
        let transport = parts.count > 3 ? parts[3] : "tcp"
        guard let transport = HostPort.Transport(rawValue: transport) else {
            throw wrong("has the protocol '\(transport)', which is neither 'tcp' nor 'udp'")
        }
        self.init(guestPort: guest, hostPort: host, isLocal: scope == "l", transport: transport)
    }

    /// The address that the host listens at.
    public var hostAddress: String { isLocal ? "127.0.0.1" : "0.0.0.0" }

    /// The forward in the form it is read from.
    public var description: String {
        "\(guestPort):\(hostPort):\(isLocal ? "l" : "*"):\(transport.rawValue)"
    }

    /// The forward as QEMU's monitor takes it in `hostfwd_add`.
    ///
    /// - Parameter isPublished: Whether the engine is in a container whose port is published: then the container has to
    ///   listen at all of its addresses, and the scope is the publisher's affair.
    /// - Returns: The rule.
    public func monitorRule(isPublished: Bool = false) -> String {
        "\(transport.rawValue):\(isPublished ? "" : hostAddress):\(hostPort)-:\(guestPort)"
    }

    /// Makes sure that the host's port can be bound right now.
    ///
    /// - Parameter hint: What to do where it cannot.
    /// - Throws: ``HostSupport/Failure`` with `unavailable`, naming the port.
    public func requireFree(hint: String) throws {
        guard HostPort.isFree(hostPort, address: hostAddress, transport: transport) else {
            throw Failure(
                .unavailable,
                "the \(transport.rawValue) port \(hostPort) at \(hostAddress) is taken, or may not be bound by this user",
                hint: hint
            )
        }
    }

    private static let aliases: [String: UInt16] = ["ssh": 22, "sftp": 2222]
}

extension [PortForward] {
    /// The host's TCP port that leads to a port of the guest; nothing where none does.
    public func hostPort(of guestPort: UInt16) -> UInt16? {
        first { $0.guestPort == guestPort && $0.transport == .tcp }?.hostPort
    }
}
