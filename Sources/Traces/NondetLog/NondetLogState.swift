/// What a log is worth.
public enum NondetLogState: Hashable, Sendable {
    /// Header, entries and end agree; whether it replays, only a replay can tell.
    case complete
    /// The engine was killed or the disk ran full; the entries that are there are sound.
    case notEnded(UnendedLog)
    /// Something that no interruption explains; the entries before it are sound as far as can be told.
    case damaged(TraceFormatError)
}

/// Where a log stops that was not ended.
public struct UnendedLog: Hashable, Sendable {
    /// Whether the header is there and not 0, that is, whether the log was closed once.
    ///
    /// If so it has been cut later, for instance by an interrupted copy.
    public var hasHeader: Bool

    /// Whether the last whole entry is the end of the log, so that only the header is missing.
    public var hasEnd: Bool

    /// Where the last whole entry ends and a repair would go on, in bytes from the start of the file.
    ///
    /// The header's size if no entry is whole, even in a log too short for a header.
    public var offset: Int

    /// The bytes of the torn entry (or header) after the last whole one; 0 if the log stops between two.
    public var tornBytes: Int

    /// The number of the last whole entry, counted from 0; `nil` if there is none.
    public var lastEntry: Int?

    /// The instruction count of the last whole entry in guest instructions; 0 if there is none.
    public var instructionCount: UInt64

    /// Makes a value of its parts.
    public init(
        hasHeader: Bool,
        hasEnd: Bool,
        offset: Int,
        tornBytes: Int,
        lastEntry: Int?,
        instructionCount: UInt64
    ) {
        self.hasHeader = hasHeader
        self.hasEnd = hasEnd
        self.offset = offset
        self.tornBytes = tornBytes
        self.lastEntry = lastEntry
        self.instructionCount = instructionCount
    }
}
