import Foundation
import HostSupport

extension RunPeers {
    /// Finds out who was connected to a run's guest, and writes it down.
    ///
    /// - Parameters:
    ///   - folder: The run's folder.
    ///   - record: The run's record, for how many connections were those of visitors.
    /// - Returns: The peers; nothing where the run captured no packets.
    /// - Throws: ``HostSupport/Failure`` where they cannot be written.
    @discardableResult
    public static func gather(in folder: RunFolder, of record: RunRecord) throws -> RunPeers? {
        guard let peers = find(in: folder, of: record) else { return nil }
        try peers.write(to: folder)
        return peers
    }

    /// Finds out who was connected to a run's guest; nothing is written.
    ///
    /// - Parameters:
    ///   - folder: The run's folder.
    ///   - record: The run's record, for how many connections were those of visitors.
    /// - Returns: The peers; nothing where the run captured no packets.
    public static func find(in folder: RunFolder, of record: RunRecord) -> RunPeers? {
        guard FileSystem.isRegularFile(folder.packets) else { return nil }
        var table = PeerTable()
        var problem: String?
        do {
            let file = try PacketFile(folder.packets)
            while file.next({ table.add($0, at: $1) }) {}
            problem = file.problem
        } catch {
            problem = (error as? Failure)?.message ?? "\(error)"
        }
        let logins = ConsoleLogins(of: folder.console).users
        let peers = table.peers(visits: record.connections).map { peer in
            var peer = peer
            peer.users = logins[.init(address: peer.address, port: peer.port)] ?? []
            return peer
        }
        return RunPeers(peers: peers, omitted: table.omitted, problem: problem)
    }
}
