/// How many entries there are of a sort, and how much of the file they fill.
public struct NondetTally: Hashable, Sendable {
    /// The number of entries.
    public var entries = 0

    /// Their size in bytes, all included.
    public var bytes = 0

    /// Makes an empty tally.
    public init() {}

    @inline(__always)
    mutating func add(bytes more: Int) {
        entries += 1
        bytes += more
    }
}

/// What one pass over a log has found.
///
/// All figures are of the whole entries: up to the end, to the torn one, or to the damage.
public struct NondetLogSummary: Hashable, Sendable {
    /// What the log is worth.
    public var state: NondetLogState

    /// The size of the file in bytes.
    public var byteCount: Int

    /// The header's count of guest instructions; `nil` if the log is too short to have a header.
    public var headerInstructionCount: UInt64?

    /// The number and size of all whole entries, the end included.
    public var total = NondetTally()

    /// The count of the first entry in guest instructions; 0 if there is none.
    public var firstInstructionCount: UInt64 = 0

    /// The count of the last whole entry in guest instructions; 0 if there is none.
    public var finalInstructionCount: UInt64 = 0

    /// How long the recording lasted, in guest instructions.
    ///
    /// PANDA counts from 0 at the beginning of a recording (`rr_reset_state` in `rr_log.c`), so it is the
    /// final count.
    public var duration: UInt64 { finalInstructionCount }

    var kinds: [NondetTally]
    var calls: [NondetTally]

    /// The number and size of the entries of a kind.
    public func tally(of kind: NondetKind) -> NondetTally {
        kinds[Int(kind.rawValue)]
    }

    /// The number and size of the entries with a certain call.
    public func tally(of call: SkippedCallKind) -> NondetTally {
        calls[Int(call.rawValue)]
    }
}
