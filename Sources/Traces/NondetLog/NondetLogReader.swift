/// Reads a log entry by entry, in bounded memory and without allocating.
///
/// ```swift
/// var reader = log.makeReader()
/// while let entry = try reader.next() {
///     print(entry.instructionCount, entry.kind)
/// }
/// ```
public struct NondetLogReader: Sendable {
    private let log: NondetLog
    private var scanner: NondetLogScanner

    init(of log: NondetLog, limits: NondetLogLimits) {
        self.log = log
        scanner = NondetLogScanner(abi: log.abi, limits: limits)
    }

    /// Where the next entry begins, in bytes from the start of the file.
    public var offset: Int { scanner.offset }

    /// How many entries have been read.
    public var entriesRead: Int { scanner.index }

    /// The next entry, or `nil` where the file ends between two entries.
    ///
    /// The entry of kind ``NondetKind/endOfLog`` is returned like any other. Its absence is no error here:
    /// ``NondetLog/check(limits:)`` is the judge of the whole. After an error the reader stays before the
    /// entry it could not read.
    ///
    /// - Throws: ``TraceFormatError`` with code `tornEntry` if the file ends inside the entry, or `unknownKind`,
    ///   `unknownCall`, `countDecreased`, `lengthTooLarge`, `emptyPacket` or `bytesAfterEnd`.
    public mutating func next() throws(TraceFormatError) -> NondetEntry? {
        let abi = log.abi
        return try log.storage.withView { (view) throws(TraceFormatError) in
            try scanner.next(in: view)?.entry(in: view, abi: abi)
        }
    }
}
