import Synchronization

/// What goes on in the guest's network: who is connected to the guest, and since when nothing was sent.
///
/// Frames are hostile: what is kept of them is bounded.
final class NetworkActivity: Sendable {
    /// One TCP connection to the guest, as the guest's side of the network sees it.
    private struct Flow: Hashable {
        let address: UInt32
        let port: UInt16
        let guestPort: UInt16
    }

    private struct State {
        var last = ContinuousClock.now
        var connections = 0
        /// The open connections, and from which of the two sides an end was seen.
        var open: [Flow: (fromGuest: Bool, fromPeer: Bool)] = [:]
    }

    /// The address that slirp's frames come from: 52:55 and its own of the IPv4 network (slirp/slirp.c, `special_ethaddr`).
    private static let peerPrefix: [UInt8] = [0x52, 0x55]
    private static let mostOpen = 4096

    private let state = Mutex(State())

    /// How many connections to the guest were begun.
    var connections: Int { state.withLock { $0.connections } }
    /// How many connections to the guest are open.
    var openConnections: Int { state.withLock { $0.open.count } }
    /// How long nothing but what keeps a network together was sent.
    var silence: Duration { state.withLock { ContinuousClock.now - $0.last } }

    /// Counts connections anew: until now nobody but ourselves could have come.
    func startCounting() { state.withLock { $0.connections = 0 } }

    /// Takes note of a frame.
    ///
    /// - Parameter frame: The Ethernet frame, in either direction.
    func note(_ frame: ArraySlice<UInt8>) {
        let start = frame.startIndex
        func byte(_ offset: Int) -> UInt8 { frame[start + offset] }
        func word(_ offset: Int) -> UInt16 { UInt16(byte(offset)) << 8 | UInt16(byte(offset + 1)) }
        // Ethernet with IPv4, whose header has at least 20 bytes (RFC 791), and TCP's or UDP's ports behind it.
        guard frame.count >= 34, word(12) == 0x0800, byte(14) >> 4 == 4 else { return }
        let header = Int(byte(14) & 15) * 4
        let isFirstFragment = word(20) & 0x1FFF == 0
        guard header >= 20, isFirstFragment, frame.count >= 14 + header + 4 else { return }
        let ports = 14 + header
        let isFromPeer = frame[(start + 6)..<(start + 8)].elementsEqual(Self.peerPrefix)
        switch byte(23) {
        case 17:
            // DHCP renews its leases in a network where nobody is.
            guard ![67, 68].contains(word(ports)) else { return }
            state.withLock { $0.last = .now }
        case 6:
            guard frame.count >= ports + 14 else { return }
            let peer = isFromPeer ? 26 : 30
            let flow = Flow(
                address: UInt32(word(peer)) << 16 | UInt32(word(peer + 2)),
                port: word(ports + (isFromPeer ? 0 : 2)),
                guestPort: word(ports + (isFromPeer ? 2 : 0))
            )
            note(flow, flags: byte(ports + 13), isFromPeer: isFromPeer)
        default:
            break
        }
    }

    /// Flags as in RFC 9293: FIN 1, SYN 2, RST 4, ACK 16.
    private func note(_ flow: Flow, flags: UInt8, isFromPeer: Bool) {
        state.withLock { state in
            state.last = .now
            if isFromPeer, flags & 0b1_0010 == 0b0010 {
                guard state.open[flow] == nil, state.open.count < Self.mostOpen else { return }
                state.open[flow] = (false, false)
                state.connections += 1
            } else if flags & 4 != 0 {
                state.open[flow] = nil
            } else if flags & 1 != 0, var ends = state.open[flow] {
                if isFromPeer { ends.fromPeer = true } else { ends.fromGuest = true }
                state.open[flow] = ends.fromGuest && ends.fromPeer ? nil : ends
            }
        }
    }
}
