/// What is known of a recording beyond its two files, for archives that have a place for it.
public struct TraceDescription: Hashable, Sendable {
    /// The recording's name, which RRArchives and `.rr` files hold.
    public var name: String
    /// The engine's command line, its arguments joined by spaces; nothing where nobody knows it.
    public var command: String?
    /// What PANDA's option `-os` was or should be, such as `linux-64-debian:6.1.0-56-amd64`; nothing where nobody
    /// knows it.
    public var os: String?

    /// Describes a recording.
    public init(name: String, command: String? = nil, os: String? = nil) {
        self.name = name
        self.command = command
        self.os = os
    }
}
