/// A log of nondeterministic inputs, `NAME-rr-nondet.log`.
///
/// Opening one looks at nothing but its size, so a damaged log can be opened too: ``check(limits:)`` says what
/// it is worth and ``makeReader(limits:)`` reads what is whole. All integers in the file are little endian.
/// Source of the format: `rr_write_item` and `rr_create_record_log` in PANDA's `panda/src/rr/rr_log.c`.
public struct NondetLog: Sendable {
    let storage: ByteStorage

    /// The layout by which the entries are read.
    public let abi: HostABI

    /// Maps the file at `path` into memory; a symbolic link is refused.
    ///
    /// The file must not be shortened as long as the log is in use: the system then kills the process
    /// (SIGBUS). Open the log of a running engine only if the engine is trusted.
    ///
    /// - Throws: ``TraceFormatError`` with code `cannotOpen`, `cannotRead` or `notRegularFile`.
    public init(path: String, abi: HostABI = .lp64) throws(TraceFormatError) {
        storage = try ByteStorage(mapping: RegularFile(path: path))
        self.abi = abi
    }

    /// Reads a log that is in memory already, of which it keeps a copy.
    public init(bytes: [UInt8], abi: HostABI = .lp64) {
        storage = ByteStorage(copying: bytes)
        self.abi = abi
    }

    /// Reads the same bytes by another layout.
    init(_ other: NondetLog, abi: HostABI) {
        storage = other.storage
        self.abi = abi
    }

    /// The size of the log in bytes.
    public var byteCount: Int { storage.count }

    /// The header: the final count of guest instructions, 0 until the engine has closed the log.
    ///
    /// `nil` if the log is too short to have a header.
    public var headerInstructionCount: UInt64? {
        storage.withView { view in
            view.count < NondetFrame.headerBytes ? nil : view.littleEndian(at: 0, as: UInt64.self)
        }
    }

    /// Starts reading at the first entry.
    public func makeReader(limits: NondetLogLimits = NondetLogLimits()) -> NondetLogReader {
        NondetLogReader(of: self, limits: limits)
    }

    /// Lends the bytes of a part of the log, such as ``NondetEntry/dataRange``, without copying them.
    ///
    /// - Precondition: `range` lies within this log, as the ranges of its own entries do.
    public func withBytes<R, E: Error>(
        of range: Range<Int>,
        _ body: (RawSpan) throws(E) -> R
    ) throws(E) -> R {
        try storage.withView { (view) throws(E) in
            try body(view.slice(range).bytes)
        }
    }

    /// A copy of a part of the log, such as ``NondetEntry/dataRange``.
    ///
    /// - Precondition: `range` lies within this log, as the ranges of its own entries do.
    public func bytes(of range: Range<Int>) -> [UInt8] {
        storage.withView { Array($0.slice(range)) }
    }
}
