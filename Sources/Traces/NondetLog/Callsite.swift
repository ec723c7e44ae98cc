/// The place in the emulator that made an entry.
///
/// PANDA compares it in replay as a sanity check and does not range-check it, and recordings from the middle
/// of 2018 have an extra one; therefore any byte is accepted. Source: `RR_callsite_id` in
/// `panda/include/panda/rr/rr_log_all.h`.
public struct Callsite: RawRepresentable, Hashable, Sendable {
    /// The byte in the file.
    public var rawValue: UInt8

    /// Makes a call site of the byte in the file.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Before the processor looks for interrupts.
    public static let interruptBefore = Self(rawValue: 0)
    /// The interrupt controller is asked for the interrupt's number.
    public static let interruptNumber = Self(rawValue: 1)
    /// After the processor has looked for interrupts.
    public static let interruptAfter = Self(rawValue: 2)
    /// The guest reads the time stamp counter.
    public static let readTimeStampCounter = Self(rawValue: 3)
    /// The guest reads a port or a device register.
    public static let ioRead = Self(rawValue: 4)
    /// The guest writes a port or a device register.
    public static let ioWrite = Self(rawValue: 5)
    /// Devices run in the emulator's main loop.
    public static let mainLoopWait = Self(rawValue: 6)
    /// The end of the log.
    public static let endOfLog = Self(rawValue: 17)
    /// The processor's exception number.
    public static let exceptionIndex = Self(rawValue: 20)

    /// PANDA's name without its `RR_CALLSITE_`, or the number if it has none.
    public var name: String {
        let index = Int(rawValue)
        return Self.names.indices.contains(index) ? Self.names[index] : "\(rawValue)"
    }

    private static let names = [
        "CPU_HANDLE_INTERRUPT_BEFORE", "CPU_HANDLE_INTERRUPT_INTNO", "CPU_HANDLE_INTERRUPT_AFTER", "RDTSC",
        "IO_READ_ALL", "IO_WRITE_ALL", "MAIN_LOOP_WAIT", "DO_SMM_ENTER", "HELPER_RSM", "READ_8", "READ_4",
        "READ_2", "READ_1", "WRITE_8", "WRITE_4", "WRITE_2", "WRITE_1", "END_OF_LOG",
        "CPU_PENDING_INTERRUPTS_BEFORE", "CPU_PENDING_INTERRUPTS_AFTER", "CPU_EXCEPTION_INDEX",
        "IDE_SECTOR_READ", "IDE_SECTOR_WRITE", "IDE_DMA_CB", "IDE_DATA_WRITEW", "IDE_DATA_WRITEL",
        "IDE_DATA_READW", "IDE_DATA_READL", "E1000_RECEIVE_1", "E1000_RECEIVE_2", "E1000_RECEIVE_3",
        "E1000_RECEIVE_MEMCPY_1", "E1000_XMIT_SEG_1", "E1000_XMIT_SEG_2", "E1000_PROCESS_TX_DESC_1",
        "E1000_PROCESS_TX_DESC_2", "E1000_PROCESS_TX_DESC_MEMMOVE_1", "E1000_PROCESS_TX_DESC_MEMMOVE_2",
        "E1000_TXDESC_WRITEBACK", "E1000_START_XMIT", "SERIAL_RECEIVE", "SERIAL_READ", "SERIAL_SEND",
        "SERIAL_WRITE", "LAST",
    ]
}

extension Callsite: CustomStringConvertible {
    /// The ``name``.
    public var description: String { name }
}
