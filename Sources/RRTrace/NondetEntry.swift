/// What an entry of the log is (`RR_log_entry_kind`, panda/include/panda/rr/rr_log_all.h).
public enum NondetKind: UInt8, Sendable, CaseIterable {
    /// One byte that the processor read.
    case input1 = 0
    /// Two bytes that the processor read.
    case input2
    /// Four bytes that the processor read.
    case input4
    /// Eight bytes that the processor read.
    case input8
    /// The set of requested interrupts changed.
    case interruptRequest
    /// The processor was asked to leave its loop.
    case exitRequest
    /// A call that is not made in the replay, with its effects.
    case skippedCall
    /// The end of the log.
    case endOfLog
    /// The set of pending interrupts (PowerPC).
    case pendingInterrupts
    /// An exception.
    case exception

    /// How many bytes follow the entry's header; for a skipped call, how many before its own structure.
    var payloadLength: Int {
        switch self {
        case .input1: 1
        case .input2, .exitRequest: 2
        case .input4, .interruptRequest, .pendingInterrupts, .exception: 4
        case .input8: 8
        case .skippedCall: 1
        case .endOfLog: 0
        }
    }
}

/// What a skipped call did (`RR_skipped_call_kind`, panda/include/panda/rr/rr_log_all.h).
public enum SkippedCallKind: UInt8, Sendable, CaseIterable {
    /// A device wrote to or read from memory.
    case memoryAccess = 0
    /// A memory region came or went.
    case memoryRegionChange
    /// A device's mapping of memory ended.
    case memoryUnmap
    /// The hard disk moved data.
    case diskTransfer
    /// The network card moved data.
    case networkTransfer
    /// A network frame came in or went out.
    case packet
    /// A serial port took a byte in.
    case serialReceive
    /// The guest read a byte from a serial port.
    case serialRead
    /// A serial port sent a byte.
    case serialSend
    /// The guest wrote a byte to a serial port.
    case serialWrite
    /// The debugger changed a register.
    case registerWrite

    /// The size of the call's structure in a 64-bit build, in bytes.
    var structureLength: Int {
        switch self {
        case .memoryAccess, .memoryUnmap, .registerWrite: 24
        case .memoryRegionChange: 40
        case .diskTransfer, .networkTransfer: 32
        case .packet, .serialReceive, .serialRead, .serialSend, .serialWrite: 16
        }
    }

    /// Where the structure holds the length of the data that follow it, and how wide that number is.
    var dataLengthField: (offset: Int, width: Int)? {
        switch self {
        case .memoryAccess: (16, 4)
        case .memoryRegionChange: (24, 4)
        case .memoryUnmap: (16, 8)
        case .packet: (8, 4)
        case .registerWrite: (20, 4)
        case .diskTransfer, .networkTransfer, .serialReceive, .serialRead, .serialSend, .serialWrite: nil
        }
    }
}

/// An entry of the log, with the place of its payload.
public struct NondetEntry: Sendable, Hashable {
    /// The entry's number, counted from 0.
    public let number: UInt64
    /// Where the entry begins, in bytes from the start of the file.
    public let offset: UInt64
    /// How many bytes it has, its header of ten bytes included.
    public let length: UInt64
    /// How many instructions the guest had executed.
    public let instructionCount: UInt64
    /// What it is.
    public let kind: NondetKind
    /// Where in the engine it was made (`RR_callsite_id`).
    public let callsite: UInt8
    /// What was skipped, where it is a skipped call.
    public let call: SkippedCallKind?
}
