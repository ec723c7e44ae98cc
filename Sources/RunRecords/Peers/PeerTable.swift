import Foundation
import Traces

/// The guest's peers, gathered frame by frame.
struct PeerTable {
    /// The most peers that are kept of a run: a guest that scans a network makes any number.
    static let limit = 4096
    fileprivate static let longestBanner = 255

    fileprivate struct Entry {
        var peer: Peer
        /// The beginning of what whoever began it sent.
        var opening: [UInt8] = []
        /// The number of the byte that comes next in it.
        var next: UInt32?
        var isOpeningOver = false
    }

    private var entries: [Entry] = []
    private var places: [PeerFrame.Conversation: Int] = [:]
    /// The conversations beyond those that are kept, as far as they can be told apart.
    private(set) var omitted = 0

    /// Takes in a frame.
    mutating func add(_ bytes: ArraySlice<UInt8>, at seconds: Double) {
        guard let frame = PeerFrame(bytes) else { return }
        let conversation = frame.conversation
        guard !conversation.isLease else { return }
        let time = Date(timeIntervalSince1970: seconds)
        guard let place = places[conversation] ?? begin(frame, bytes, at: time) else { return }
        let isFromGuest = entries[place].peer.isFromGuest
        entries[place].peer.last = max(entries[place].peer.last, time)
        if frame.isFromPeer {
            entries[place].peer.received += UInt64(frame.payload.count)
        } else {
            entries[place].peer.sent += UInt64(frame.payload.count)
        }
        if frame.isFromPeer != isFromGuest { entries[place].open(with: frame) }
    }

    /// Those who were there, in the order of their first frames.
    ///
    /// - Parameter visits: How many connections to the guest were begun after it was ready: the ones before were those
    ///   of whoever waited for that. All are kept where nothing is known.
    /// - Returns: The peers.
    func peers(visits: Int?) -> [Peer] {
        let all = entries.map { entry in
            var peer = entry.peer
            peer.banner = entry.banner
            return peer
        }
        guard let visits, omitted == 0 else { return all }
        var excess = all.count { $0.isVisit } - visits
        return all.filter { peer in
            guard peer.isVisit, excess > 0 else { return true }
            excess -= 1
            return false
        }
    }

    private mutating func begin(_ frame: PeerFrame, _ bytes: ArraySlice<UInt8>, at time: Date) -> Int? {
        let conversation = frame.conversation
        guard let headers = PacketHeaders(Array(bytes)) else { return nil }
        // The rest of a connection whose beginning is not here says nothing of who began it.
        if conversation.isTCP, !frame.isBeginning { return nil }
        guard entries.count < Self.limit else {
            omitted += 1
            return nil
        }
        let peer = Peer(
            address: (frame.isFromPeer ? headers.source : headers.destination).address,
            port: conversation.port,
            guestPort: conversation.guestPort,
            transport: conversation.isTCP ? "tcp" : "udp",
            isFromGuest: !frame.isFromPeer,
            first: time
        )
        places[conversation] = entries.count
        entries.append(Entry(peer: peer))
        return entries.count - 1
    }
}

extension PeerTable.Entry {
    /// Takes in what whoever began it sent, as long as it is in order.
    fileprivate mutating func open(with frame: PeerFrame) {
        guard !isOpeningOver else { return }
        if frame.isBeginning { next = frame.sequence &+ 1 }
        guard !frame.payload.isEmpty, frame.sequence == next ?? frame.sequence else { return }
        next = frame.sequence &+ UInt32(truncatingIfNeeded: frame.payload.count)
        opening += frame.payload.prefix(PeerTable.longestBanner - opening.count)
        isOpeningOver =
            !peer.isOverTCP || opening.count >= PeerTable.longestBanner
            || opening.contains(UInt8(ascii: "\n"))
    }

    fileprivate var banner: String? {
        let line = opening.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !line.isEmpty, line.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        return String(decoding: line, as: UTF8.self)
    }
}

extension Peer {
    fileprivate var isOverTCP: Bool { transport == "tcp" }
    fileprivate var isVisit: Bool { isOverTCP && !isFromGuest }
}
