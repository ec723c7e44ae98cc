/// The reads of the time stamp counter between which an entry of a log lies.
public struct TimeBracket: Hashable, Sendable {
    /// The last read before it; `nil` before the first.
    public var before: ClockReads.Read?
    /// The first read after it; `nil` after the last.
    public var after: ClockReads.Read?

    /// Makes a bracket of two reads.
    public init(before: ClockReads.Read?, after: ClockReads.Read?) {
        self.before = before
        self.after = after
    }
}
