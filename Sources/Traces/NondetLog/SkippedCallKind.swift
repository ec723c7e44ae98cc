/// What a device did, in an entry of kind ``NondetKind/skippedCall``.
///
/// The raw value is the byte in the file. Source: `RR_skipped_call_kind` in PANDA's
/// `panda/include/panda/rr/rr_log_all.h`.
public enum SkippedCallKind: UInt8, CaseIterable, Hashable, Sendable {
    /// A write to guest memory (`cpu_physical_memory_rw`).
    case memoryWrite = 0
    /// A region of memory was mapped or unmapped.
    case memoryRegionChange = 1
    /// A write to guest memory through a mapping (`cpu_physical_memory_unmap`).
    case memoryUnmap = 2
    /// A transfer between disk, buffer, port and memory.
    case hardDriveTransfer = 3
    /// A transfer inside the network card.
    case networkTransfer = 4
    /// A network packet that came or went.
    case packet = 5
    /// A byte came in on a serial port.
    case serialReceive = 6
    /// The guest read a byte from a serial port.
    case serialRead = 7
    /// A byte went out on a serial port.
    case serialSend = 8
    /// The guest wrote a byte to a serial port.
    case serialWrite = 9
    /// A debugger wrote a register.
    case registerWrite = 10

    /// The members of the call's C structure, in order.
    ///
    /// Source: the `RR_..._args` structures of `rr_log_all.h` and `rr_log.h`, which PANDA writes whole.
    var fields: [ArgumentField] {
        switch self {
        case .memoryWrite: [.wide, .pointer, .dataLength]
        case .memoryRegionChange: [.wide, .wide, .pointer, .dataLength, .word, .byte]
        case .memoryUnmap: [.wide, .pointer, .wideDataLength]
        case .hardDriveTransfer, .networkTransfer: [.word, .wide, .wide, .word]
        case .packet: [.pointer, .dataLength, .byte]
        case .serialReceive, .serialSend: [.wide, .byte]
        case .serialRead, .serialWrite: [.wide, .word, .byte]
        case .registerWrite: [.word, .pointer, .word, .dataLength]
        }
    }

    /// Whether data follow the structure.
    public var carriesData: Bool {
        fields.contains { $0 == .dataLength || $0 == .wideDataLength }
    }
}
