import HostSupport

/// Who was connected to the guest of a run: the contents of `peers.json`.
///
/// It tells nothing that the run's other files do not tell, and saves reading them again.
public struct RunPeers: Sendable, Codable, Hashable {
    /// The version of this file's layout: 1.
    public let schema: Int
    /// The connections, in the order of their first frames.
    public var peers: [Peer]
    /// How many connections there were beyond those that are kept.
    public var omitted: Int
    /// What kept the whole from being told, such as a cut packet capture.
    public var problem: String?

    /// Describes those who were there.
    public init(peers: [Peer] = [], omitted: Int = 0, problem: String? = nil) {
        schema = 1
        self.peers = peers
        self.omitted = omitted
        self.problem = problem
    }

    /// Reads what was written of a run.
    ///
    /// - Parameter folder: The run's folder.
    /// - Returns: The peers; nothing where the file is not there.
    /// - Throws: ``HostSupport/Failure`` where it cannot be understood.
    public static func read(from folder: RunFolder) throws -> RunPeers? {
        guard FileSystem.isRegularFile(folder.peers) else { return nil }
        let data = try FileSystem.read(folder.peers, limit: 16 << 20)
        let peers = try JSONText.decode(RunPeers.self, from: data, source: folder.peers.string)
        guard peers.schema == 1 else {
            throw Failure(.badData, "\(folder.peers) has schema \(peers.schema); this program knows schema 1")
        }
        return peers
    }

    /// Writes them into the run's folder, whole or not at all.
    ///
    /// - Parameter folder: The run's folder.
    /// - Throws: ``HostSupport/Failure`` where they cannot be written.
    public func write(to folder: RunFolder) throws {
        try FileSystem.write(try JSONText.encode(self), to: folder.peers)
    }
}
