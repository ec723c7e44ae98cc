/// The arguments of a skipped call, without the data that may follow them.
///
/// Addresses are physical addresses of the guest. Host pointers are addresses in the recording emulator: of
/// no use to anyone but kept for exact copies. Source: the `RR_..._args` structures in PANDA's `rr_log.h` and
/// `rr_log_all.h`, written by `rr_write_item` in `panda/src/rr/rr_log.c`.
public enum SkippedCall: Hashable, Sendable {
    /// A write to guest memory; the data are the bytes written.
    case memoryWrite(address: UInt64, hostPointer: UInt64)
    /// A region of `size` bytes was mapped (`added`) or unmapped; the data are its name.
    case memoryRegionChange(
        start: UInt64,
        size: UInt64,
        hostPointer: UInt64,
        kind: MemoryRegionKind,
        added: Bool
    )
    /// A write to guest memory through a mapping; the data are the bytes written.
    case memoryUnmap(address: UInt64, hostPointer: UInt64)
    /// A disk transfer of `count` bytes; the bytes themselves are not in this entry.
    case hardDriveTransfer(kind: HardDriveTransferKind, source: UInt64, destination: UInt64, count: UInt32)
    /// A transfer of `count` bytes inside the network card; the bytes themselves are not in this entry.
    case networkTransfer(kind: NetworkTransferKind, source: UInt64, destination: UInt64, count: UInt32)
    /// A network packet; the data are the frame.
    case packet(hostPointer: UInt64, direction: PacketDirection)
    /// A byte came in on the serial port whose queue lies at `fifo`.
    case serialReceive(fifo: UInt64, value: UInt8)
    /// The guest read a byte from `port`.
    case serialRead(fifo: UInt64, port: UInt32, value: UInt8)
    /// A byte went out on the serial port whose queue lies at `fifo`.
    case serialSend(fifo: UInt64, value: UInt8)
    /// The guest wrote a byte to `port`.
    case serialWrite(fifo: UInt64, port: UInt32, value: UInt8)
    /// A debugger wrote a register of processor `cpu`; the data are the register's new bytes.
    case registerWrite(cpu: Int32, hostPointer: UInt64, register: Int32)

    /// Which call it is.
    public var kind: SkippedCallKind {
        switch self {
        case .memoryWrite: .memoryWrite
        case .memoryRegionChange: .memoryRegionChange
        case .memoryUnmap: .memoryUnmap
        case .hardDriveTransfer: .hardDriveTransfer
        case .networkTransfer: .networkTransfer
        case .packet: .packet
        case .serialReceive: .serialReceive
        case .serialRead: .serialRead
        case .serialSend: .serialSend
        case .serialWrite: .serialWrite
        case .registerWrite: .registerWrite
        }
    }
}
