extension SnapshotHead {
    /// The most that is read from the start of a file, in bytes: more than the largest head allowed.
    static let window = 1 << 19

    /// Reads the head and looks at the end of the file at `path`; a symbolic link is refused.
    ///
    /// Reads at most 1.5 MiB, however large the file.
    ///
    /// - Throws: ``TraceFormatError`` with code `cannotOpen`, `cannotRead`, `notRegularFile` or any that
    ///   ``init(bytes:)`` throws. A missing end is not thrown: see ``ending``.
    public init(path: String) throws(TraceFormatError) {
        let file = try RegularFile(path: path)
        let size = file.byteCount
        let head = try file.read(0..<min(size, Self.window))
        let tail = try file.read(max(0, size - SnapshotEnding.window)..<size)
        try self.init(head: head, tail: tail, byteCount: size)
    }

    /// Reads a snapshot that is in memory already.
    ///
    /// - Throws: ``TraceFormatError`` with code `notMigrationStream`, `unsupportedVersion`, `streamCut`,
    ///   `unexpectedSection`, `invalidName` or `invalidMemoryTable`.
    public init(bytes: [UInt8]) throws(TraceFormatError) {
        try self.init(head: bytes, tail: bytes, byteCount: bytes.count)
    }

    private init(head: [UInt8], tail: [UInt8], byteCount: Int) throws(TraceFormatError) {
        // `withUnsafeBytes` of an array does not pass typed errors on.
        let parsed = head.withUnsafeBytes { bytes in
            Result { () throws(TraceFormatError) in
                try SnapshotHead(parsing: ByteView(bytes), byteCount: byteCount)
            }
        }
        self = try parsed.get()
        // The end is looked for after the head only, never in it.
        let rest = tail.suffix(max(0, byteCount - headBytes))
        ending = rest.withUnsafeBytes { SnapshotEnding(of: ByteView($0), hasFooters: hasSectionFooters) }
    }
}
