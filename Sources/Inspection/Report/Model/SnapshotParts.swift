/// What the file of a snapshot consists of, by size.
public struct SnapshotParts: Hashable, Sendable {
    /// A part of the file.
    public struct Part: Hashable, Sendable {
        /// What it is called, such as `pc.ram`.
        public var name: String
        /// How much of the file it takes, in bytes.
        public var bytes: UInt64
        /// What it is, in a few words.
        public var what: String

        /// Describes a part.
        public init(name: String, bytes: UInt64, what: String) {
            self.name = name
            self.bytes = bytes
            self.what = what
        }
    }

    /// The parts.
    public var parts: [Part]
    /// What is to be known of them besides.
    public var note: String?

    /// Describes a file.
    public init(parts: [Part], note: String? = nil) {
        self.parts = parts
        self.note = note
    }
}
