import RunRecords
import Synchronization

/// What goes on in the guest's network: who is connected to the guest, and since when nothing was sent.
///
/// Frames are hostile: what is kept of them is bounded.
final class NetworkActivity: Sendable {
    fileprivate struct State {
        var last = ContinuousClock.now
        var connections = 0
        /// The open connections, and from which of the two sides an end was seen.
        var open: [PeerFrame.Conversation: (fromGuest: Bool, fromPeer: Bool)] = [:]
    }

    fileprivate static let mostOpen = 4096

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
        // Nobody is led to the guest by IPv6, and a lease is renewed in a network where nobody is.
        guard let frame = PeerFrame(frame), frame.conversation.address.count == 4, !frame.conversation.isLease
        else { return }
        state.withLock { state in
            state.last = .now
            if frame.conversation.isTCP { state.take(frame) }
        }
    }
}

extension NetworkActivity.State {
    fileprivate mutating func take(_ frame: PeerFrame) {
        let flow = frame.conversation
        if frame.isFromPeer, frame.isBeginning {
            guard open[flow] == nil, open.count < NetworkActivity.mostOpen else { return }
            open[flow] = (false, false)
            connections += 1
        } else if frame.flags.contains(.reset) {
            open[flow] = nil
        } else if frame.flags.contains(.end), var ends = open[flow] {
            if frame.isFromPeer { ends.fromPeer = true } else { ends.fromGuest = true }
            open[flow] = ends.fromGuest && ends.fromPeer ? nil : ends
        }
    }
}
