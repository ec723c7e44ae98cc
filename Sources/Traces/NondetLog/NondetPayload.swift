/// What an entry holds besides its place, without the data that may follow a skipped call.
///
/// Source: `rr_write_item` in PANDA's `panda/src/rr/rr_log.c`. Integers are little endian in the file.
public enum NondetPayload: Hashable, Sendable {
    /// One byte that the processor read.
    case input1(UInt8)
    /// Two bytes that the processor read.
    case input2(UInt16)
    /// Four bytes that the processor read.
    case input4(UInt32)
    /// Eight bytes that the processor read.
    case input8(UInt64)
    /// The pending interrupt requests, recorded on change only.
    case interruptRequest(Int32)
    /// The request to leave the processor loop, recorded if not 0.
    case exitRequest(UInt16)
    /// What a device did.
    case skippedCall(SkippedCall)
    /// The end of the log.
    case endOfLog
    /// The pending interrupts of a PowerPC.
    case pendingInterrupts(UInt32)
    /// The processor's exception number.
    case exception(Int32)

    /// The kind of entry that holds it.
    public var kind: NondetKind {
        switch self {
        case .input1: .input1
        case .input2: .input2
        case .input4: .input4
        case .input8: .input8
        case .interruptRequest: .interruptRequest
        case .exitRequest: .exitRequest
        case .skippedCall: .skippedCall
        case .endOfLog: .endOfLog
        case .pendingInterrupts: .pendingInterrupts
        case .exception: .exception
        }
    }
}
