/// What became of a file between two states of a file system.
public struct FileChange: Sendable, Hashable {
    /// What became of it.
    public enum Kind: String, Sendable {
        /// It is there in the second state only.
        case added
        /// It is there in both, and differs.
        case changed
        /// It is there in the first state only.
        case deleted
    }

    /// What differs.
    public enum Aspect: String, Sendable, CaseIterable {
        /// What it is.
        case type
        /// What is in it, or where a link leads.
        case content
        /// Its permissions.
        case mode
        /// Its user or group.
        case owner
        /// When it was modified last; not told of directories.
        case modified
        /// Its extended attributes, such as capabilities, or flags, such as immutable.
        case attributes
    }

    /// What became of it.
    public let kind: Kind
    /// The path from the root: `/etc/passwd`.
    public let path: [UInt8]
    /// What differs, where it was changed.
    public let aspects: [Aspect]
    /// What it was.
    public let before: ExtInode?
    /// What it is.
    public let after: ExtInode?
}
