public import HostSupport
public import RunRecords

/// What a dataset's files are, for whoever looks at them before they are published.
public enum DatasetFileRole: String, Sendable, Codable, Hashable {
    /// The machine when a recording began.
    case snapshot
    /// What happened to it.
    case log
    /// A run's packets.
    case packets
    /// A disk, as qcow2.
    case disk
    /// A kernel profile or another text.
    case text
    /// A run's record, as it is published.
    case record
}

/// A file that is to be published, as it is before it is packed.
public struct ReviewedFile: Sendable, Hashable {
    /// The file.
    public let path: HostPath
    /// What it is.
    public let role: DatasetFileRole

    /// Describes a file.
    public init(_ path: HostPath, _ role: DatasetFileRole) {
        self.path = path
        self.role = role
    }
}

/// What keeps from being published what must not be: the one place at which privacy is connected to packing.
public protocol DatasetPrivacy: Sendable {
    /// Whether the peers' addresses are replaced by others.
    var isAnonymising: Bool { get }

    /// Tells one replacement from another: datasets of different keys must not be mixed. Nothing where none is made.
    var fingerprint: String? { get }

    /// Looks at everything that is to be published, before anything is packed.
    ///
    /// - Parameter files: The files as they are in the collection.
    /// - Throws: ``HostSupport/Failure`` with `not-permitted` where something must not leave.
    func review(_ files: [ReviewedFile]) async throws

    /// A peer, with the addresses replaced that are his, in his banner, or in the names that he tried.
    func peer(_ peer: Peer) -> Peer

    /// A text in which addresses are replaced.
    func text(_ text: String) -> String

    /// Writes a packet capture with the addresses replaced.
    ///
    /// - Parameters:
    ///   - source: The capture.
    ///   - target: The file to be written.
    /// - Throws: ``HostSupport/Failure`` where it cannot be read or written.
    func packets(_ source: HostPath, to target: HostPath) async throws
}
