/// One entry of a log: a value that owns no memory and refers to its data by place.
public struct NondetEntry: Hashable, Sendable {
    /// The entry's number, counted from 0.
    public var index: Int

    /// Where the entry lies, in bytes from the start of the file.
    public var range: Range<Int>

    /// When it happened: guest instructions executed since the recording began.
    public var instructionCount: UInt64

    /// The place in the emulator that made it.
    public var callsite: Callsite

    /// What it holds.
    public var payload: NondetPayload

    /// Where its data lie, in bytes from the start of the file; empty if it has none.
    ///
    /// ``NondetLog/withBytes(of:_:)`` and ``NondetLog/bytes(of:)`` give the bytes.
    public var dataRange: Range<Int>

    /// What it is.
    public var kind: NondetKind { payload.kind }

    /// Which call was skipped, if it is a skipped call.
    public var call: SkippedCallKind? {
        guard case .skippedCall(let call) = payload else { return nil }
        return call.kind
    }
}
