/// What a guest sent that was kept from its destination.
public struct RefusedTraffic: Sendable, Codable, Hashable {
    /// How many destinations are told one by one.
    public static let mostDestinations = 64

    /// The packets that were to begin something: connections, datagrams, pings.
    public private(set) var packets = 0
    /// How many of them went to each destination, such as `192.0.2.7:80/tcp`; of the first that there were.
    public private(set) var destinations: [String: Int] = [:]
    /// Frames that could begin nothing, such as those of IPv6, of multicast, and broken ones.
    public private(set) var others = 0

    /// Nothing that was refused.
    public init() {}

    /// Whether there is nothing.
    public var isEmpty: Bool { packets == 0 && others == 0 }

    /// Counts one.
    ///
    /// - Parameter destination: Where it was to go; nothing for what could begin nothing.
    public mutating func count(_ destination: String?) {
        guard let destination else {
            others += 1
            return
        }
        packets += 1
        guard destinations[destination] != nil || destinations.count < Self.mostDestinations else { return }
        destinations[destination, default: 0] += 1
    }
}
