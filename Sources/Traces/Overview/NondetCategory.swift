/// What entries of a log have to do with, coarsely: what a picture tells apart.
public enum NondetCategory: Int, CaseIterable, Hashable, Sendable {
    /// The guest read the time stamp counter.
    case clock
    /// The guest read a port or a register of a device.
    case input
    /// An interrupt was raised, taken or let go of.
    case interrupt
    /// A device wrote to the guest's memory.
    case memoryWrite
    /// A disk transferred something.
    case disk
    /// The network card transferred something, or a frame came or went.
    case network
    /// A serial port transferred a byte.
    case serial
    /// Memory was mapped or unmapped.
    case memoryMap
    /// Anything else: requests to leave the processor's loop, exceptions, a debugger's writes, the end.
    case other

    /// Its name, in the words of this library.
    public var name: String {
        switch self {
        case .clock: "clock"
        case .input: "input"
        case .interrupt: "interrupt"
        case .memoryWrite: "memory write"
        case .disk: "disk"
        case .network: "network"
        case .serial: "serial"
        case .memoryMap: "memory map"
        case .other: "other"
        }
    }

    /// The category of an entry.
    public init(_ entry: NondetEntry) {
        switch entry.payload.kind {
        case .input1, .input2, .input4, .input8:
            switch entry.callsite {
            case .readTimeStampCounter: self = .clock
            case .interruptNumber: self = .interrupt
            default: self = .input
            }
        case .interruptRequest, .pendingInterrupts: self = .interrupt
        case .exitRequest, .exception, .endOfLog: self = .other
        case .skippedCall:
            switch entry.call {
            case .memoryWrite, .memoryUnmap: self = .memoryWrite
            case .memoryRegionChange: self = .memoryMap
            case .hardDriveTransfer: self = .disk
            case .networkTransfer, .packet: self = .network
            case .serialReceive, .serialRead, .serialSend, .serialWrite: self = .serial
            case .registerWrite, nil: self = .other
            }
        }
    }
}
