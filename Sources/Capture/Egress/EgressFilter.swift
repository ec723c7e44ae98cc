import RunRecords
import Synchronization

/// Decides which frames of the guest's reach the user network, and counts the others.
///
/// Frames are hostile: what is kept of them is bounded.
final class EgressFilter: Sendable {
    /// Somebody outside who sent a datagram to a port of the guest first.
    private struct Peer: Hashable {
        let address: UInt32
        let port: UInt16
        let guestPort: UInt16
    }

    private struct State {
        var peers: Set<Peer> = []
        var order: [Peer] = []
        var refused = RefusedTraffic()
    }

    private static let mostPeers = 4096

    private let rules: [EgressRule]
    private let state = Mutex(State())

    /// Creates a filter that lets through what is listed, and what answers others.
    init(rules: [EgressRule]) {
        self.rules = rules
    }

    /// What was refused so far.
    var refused: RefusedTraffic { state.withLock { $0.refused } }

    /// Takes note of a frame that is on its way to the guest.
    ///
    /// - Parameter frame: The Ethernet frame.
    func note(_ frame: some RandomAccessCollection<UInt8>) {
        // The same words as of an outgoing one, with the ends changed.
        let bytes = Array(frame.prefix(14 + 60 + 8))
        guard bytes.count >= 42, bytes[12] == 8, bytes[13] == 0, bytes[14] >> 4 == 4, bytes[23] == 17 else {
            return
        }
        let start = 14 + Int(bytes[14] & 15) * 4
        guard start >= 34, bytes.count >= start + 4 else { return }
        func word(_ offset: Int) -> UInt16 { UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1]) }
        let peer = Peer(
            address: UInt32(word(26)) << 16 | UInt32(word(28)),
            port: word(start),
            guestPort: word(start + 2)
        )
        state.withLock { state in
            guard state.peers.insert(peer).inserted else { return }
            state.order.append(peer)
            guard state.order.count > Self.mostPeers else { return }
            // Half of them at a time, the oldest: to take the first of a list away moves all others.
            for old in state.order.prefix(Self.mostPeers / 2) { state.peers.remove(old) }
            state.order.removeFirst(Self.mostPeers / 2)
        }
    }

    /// Decides on a frame of the guest's, and counts it where it is refused.
    ///
    /// - Parameter frame: The Ethernet frame.
    /// - Returns: Whether it may go on.
    func lets(_ frame: some RandomAccessCollection<UInt8>) -> Bool {
        let outgoing = OutgoingFrame(frame)
        guard !isAllowed(outgoing) else { return true }
        state.withLock { $0.refused.count(outgoing.destination) }
        return false
    }

    private func isAllowed(_ frame: OutgoingFrame) -> Bool {
        switch frame {
        case .housekeeping, .segment: true
        case .connection(let address, let port): rules.contains { $0.allows(address, port: port, .tcp) }
        case .datagram(let address, let port, let source):
            rules.contains { $0.allows(address, port: port, .udp) }
                || state.withLock { $0.peers.contains(Peer(address: address, port: port, guestPort: source)) }
        case .ping(let address), .fragment(let address):
            rules.contains { $0.allows(address, port: nil, nil) }
        case .other: false
        }
    }
}
