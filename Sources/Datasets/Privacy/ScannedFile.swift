public import HostSupport

/// A file that is to be looked into before it leaves.
public struct ScannedFile: Sendable, Hashable {
    /// What a file is.
    public enum Role: String, Sendable, Codable {
        /// The memory and the devices of a guest: `NAME-rr-snp`.
        case snapshot
        /// What came into a guest while it was recorded: `NAME-rr-nondet.log`.
        case log
        /// A disk of a guest.
        case disk
        /// Captured packets.
        case packets
        /// Text that is published as it is.
        case metadata
        /// Text of which only a part is published, without paths of this machine: `run.json`.
        case record

        /// Whether what is in it was written by a guest and its visitors.
        public var isGuests: Bool { [.snapshot, .log, .disk, .packets].contains(self) }
    }

    /// The file.
    public let path: HostPath
    /// What the report calls it.
    public let name: String
    /// What it is.
    public let role: Role

    /// Describes a file.
    public init(_ path: HostPath, name: String? = nil, role: Role) {
        self.path = path
        self.name = name ?? path.name
        self.role = role
    }
}
