/// A file of a dataset.
public struct DatasetFile: Sendable, Codable, Hashable {
    /// What comes out of a packed file.
    public struct Restored: Sendable, Codable, Hashable {
        /// What it is called.
        public var name: String
        /// Its size in bytes.
        public var bytes: UInt64
        /// Its SHA-256 digest, in hexadecimal.
        public var sha256: String
        /// The packed file whose contents it was packed against, as a path under `data/`; nothing where it stands alone.
        public var reference: String?

        /// Describes what comes out of a packed file.
        public init(name: String, bytes: UInt64, sha256: String, reference: String? = nil) {
            self.name = name
            self.bytes = bytes
            self.sha256 = sha256
            self.reference = reference
        }
    }

    /// Where it lies under `data/`, such as `rr/20261126T065343Z-a1b2-session_000/session_000-rr-snp.zst`.
    public var path: String
    /// Its size in bytes.
    public var bytes: UInt64
    /// Its SHA-256 digest, in hexadecimal.
    public var sha256: String
    /// Its media type, such as `application/zstd`.
    public var mediaType: String
    /// What comes out of it; nothing where it is used as it is.
    public var restored: Restored?

    /// Describes a file.
    public init(path: String, bytes: UInt64, sha256: String, mediaType: String, restored: Restored? = nil) {
        self.path = path
        self.bytes = bytes
        self.sha256 = sha256
        self.mediaType = mediaType
        self.restored = restored
    }
}
