/// What came of packing a file.
public struct PackedFile: Sendable, Hashable {
    /// A file's size and digest.
    public struct Facts: Sendable, Hashable {
        /// Its size in bytes.
        public let bytes: UInt64
        /// Its SHA-256 digest, in hexadecimal.
        public let sha256: String

        /// Describes a file.
        public init(bytes: UInt64, sha256: String) {
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    /// What was packed.
    public let contents: Facts
    /// What came out.
    public let packed: Facts
    /// How many bytes were found at known places of the reference, without a search; nothing where it was not one
    /// snapshot against another.
    public let knownBytes: UInt64?
}
