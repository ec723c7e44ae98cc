/// What an entry of the log is.
///
/// The raw value is the byte in the file. Source: `RR_log_entry_kind` in PANDA's
/// `panda/include/panda/rr/rr_log_all.h`.
public enum NondetKind: UInt8, CaseIterable, Hashable, Sendable {
    /// One byte that the processor read: a port, a device register.
    case input1 = 0
    /// Two bytes that the processor read.
    case input2 = 1
    /// Four bytes that the processor read.
    case input4 = 2
    /// Eight bytes that the processor read, for instance the time stamp counter.
    case input8 = 3
    /// The pending interrupt requests have changed.
    case interruptRequest = 4
    /// The processor was asked to leave its loop.
    case exitRequest = 5
    /// A device did something that the replay repeats without the device.
    case skippedCall = 6
    /// The end of the log; the last thing in the file.
    case endOfLog = 7
    /// The pending interrupts of a PowerPC have changed.
    case pendingInterrupts = 8
    /// The processor's exception number.
    case exception = 9

    /// The size of the payload in bytes, without the 10 bytes that begin each entry.
    ///
    /// `nil` for a skipped call, whose size depends on the call.
    @inline(__always)
    var payloadBytes: Int? {
        switch self {
        case .input1: 1
        case .input2, .exitRequest: 2
        case .input4, .interruptRequest, .pendingInterrupts, .exception: 4
        case .input8: 8
        case .endOfLog: 0
        case .skippedCall: nil
        }
    }
}
