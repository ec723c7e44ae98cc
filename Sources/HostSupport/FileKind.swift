import Glibc

/// What lies at a path, symbolic links not followed.
public struct FileKind: Sendable, Hashable {
    /// The kinds of things that a folder may hold.
    public enum Kind: Sendable, Hashable {
        /// A file with contents.
        case regular
        /// A folder.
        case folder
        /// A symbolic link.
        case link
        /// A device, a pipe or a socket.
        case special
    }

    /// What it is.
    public let kind: Kind
    /// Its permission bits.
    public let mode: UInt32
    /// Its size in bytes.
    public let size: UInt64
    /// When its contents were changed last, in nanoseconds since 1970 by the host's clock.
    public let changed: Int64

    /// Looks at a path; nothing where nothing is there.
    public init?(_ path: HostPath) {
        var status = stat()
        guard lstat(path.string, &status) == 0 else { return nil }
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .special
            }
        mode = status.st_mode & 0o7777
        size = UInt64(max(0, status.st_size))
        changed = status.nanosecondsOfChange
    }
}
