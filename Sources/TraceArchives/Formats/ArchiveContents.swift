/// What an archive was found to hold when it was read from its first byte to its last.
public struct ArchiveContents: Hashable, Sendable {
    /// A file of a recording.
    public struct File: Hashable, Sendable, Codable {
        /// Its size in bytes.
        public var bytes: UInt64
        /// Its SHA-256 digest, in hexadecimal.
        public var sha256: String

        /// Describes a file.
        public init(bytes: UInt64, sha256: String) {
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    /// The archive's form.
    public var form: TraceForm

    /// The recording's name as the archive gives it, which may be anything; an rr2 archive gives none.
    public var name: String?

    /// The snapshot.
    public var snapshot: File

    /// The log.
    public var log: File

    /// The engine's command line, as text; nothing where it is not in the archive.
    public var command: String?

    /// What PANDA's option `-os` was; nothing where it is not in the archive.
    public var os: String?

    /// How much memory the machine had, in mebibytes; nothing where it is not in the archive.
    public var memoryMebibytes: UInt64?

    /// What is not as it should be and did no harm.
    public var warnings: [String]
}
