/// A transfer between a guest and an IDE disk.
///
/// Sources: `rr_record_hd_transfer` and `rr_record_sg_transfer` in PANDA's `hw/ide/core.c`. The log does not say which disk
/// it was where there are several, and has nothing of optical disks.
public struct DiskTransfer: Hashable, Sendable {
    /// The size of a sector in bytes.
    public static let sectorBytes: UInt64 = 512

    /// The number of the log's entry, counted from 0.
    public var entry: Int
    /// When it was begun, in guest instructions.
    public var instructionCount: UInt64
    /// Whether the guest wrote; else it read.
    public var isWrite: Bool
    /// Where on the disk it begins, in bytes.
    public var offset: UInt64
    /// How long it is, in bytes.
    public var byteCount: UInt32
    /// The guest's physical address of the bytes, where memory and disk exchange them directly; else the controller's
    /// buffer is between them.
    public var memoryAddress: UInt64?

    /// The first sector.
    public var sector: UInt64 { offset / Self.sectorBytes }

    /// The transfer that an entry is, if it is one that reaches the disk: what goes between the controller's buffer and a
    /// port is the second half of another.
    public init?(_ entry: NondetEntry) {
        guard
            case .skippedCall(.hardDriveTransfer(let kind, let source, let destination, let count)) = entry
                .payload
        else { return nil }
        switch kind {
        case .diskToBuffer: (isWrite, offset, memoryAddress) = (false, source, nil)
        case .diskToMemory: (isWrite, offset, memoryAddress) = (false, source, destination)
        case .bufferToDisk: (isWrite, offset, memoryAddress) = (true, destination, nil)
        case .memoryToDisk: (isWrite, offset, memoryAddress) = (true, destination, source)
        default: return nil
        }
        self.entry = entry.index
        instructionCount = entry.instructionCount
        byteCount = count
    }
}
