public import Foundation

/// Somebody at the other end of a connection of the guest's.
public struct Peer: Sendable, Codable, Hashable {
    /// His address: that of the network's gateway, 10.0.2.2, where he came from this host.
    public let address: String
    /// His port.
    public let port: UInt16
    /// The guest's port.
    public let guestPort: UInt16
    /// The protocol: `tcp` or `udp`.
    public let transport: String
    /// Whether the guest began it.
    public let isFromGuest: Bool
    /// When the first frame came.
    public let first: Date
    /// When the last frame came.
    public var last: Date
    /// How many bytes he sent, headers left out.
    public var received: UInt64
    /// How many bytes the guest sent him, headers left out.
    public var sent: UInt64
    /// The first line that whoever began it sent, such as `SSH-2.0-Go`; nothing where that is no text.
    public var banner: String?
    /// The user names that he tried, as far as the guest's console tells.
    public var users: [String] = []

    /// Describes a peer of whom one frame came.
    public init(
        address: String,
        port: UInt16,
        guestPort: UInt16,
        transport: String,
        isFromGuest: Bool,
        first: Date
    ) {
        self.address = address
        self.port = port
        self.guestPort = guestPort
        self.transport = transport
        self.isFromGuest = isFromGuest
        self.first = first
        last = first
        received = 0
        sent = 0
    }
}
