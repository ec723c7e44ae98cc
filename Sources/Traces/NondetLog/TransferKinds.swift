/// Between what a disk transfer moved bytes.
///
/// PANDA hands the value on unchecked, so any is accepted. Source: `Hd_transfer_type` in `rr_log_all.h`.
public struct HardDriveTransferKind: RawRepresentable, Hashable, Sendable {
    /// The value in the file.
    public var rawValue: UInt32

    /// Makes a kind of the value in the file.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// From the disk to the controller's buffer.
    public static let diskToBuffer = Self(rawValue: 0)
    /// From the controller's buffer to the disk.
    public static let bufferToDisk = Self(rawValue: 1)
    /// From a port to the controller's buffer.
    public static let portToBuffer = Self(rawValue: 2)
    /// From the controller's buffer to a port.
    public static let bufferToPort = Self(rawValue: 3)
    /// From the disk to guest memory.
    public static let diskToMemory = Self(rawValue: 4)
    /// From guest memory to the disk.
    public static let memoryToDisk = Self(rawValue: 5)
}

/// Between what a network card moved bytes.
///
/// PANDA hands the value on unchecked, so any is accepted. Source: `Net_transfer_type` in `rr_log_all.h`.
public struct NetworkTransferKind: RawRepresentable, Hashable, Sendable {
    /// The value in the file.
    public var rawValue: UInt32

    /// Makes a kind of the value in the file.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// From guest memory to the card's buffer.
    public static let memoryToBuffer = Self(rawValue: 0)
    /// From the card's buffer to guest memory.
    public static let bufferToMemory = Self(rawValue: 1)
    /// From one buffer of the card to another.
    public static let bufferToBuffer = Self(rawValue: 2)
}

/// Which way a packet went, seen from the guest.
///
/// PANDA hands the value on unchecked, so any is accepted. Source: `RR_handle_packet_args` in `rr_log_all.h`.
public struct PacketDirection: RawRepresentable, Hashable, Sendable {
    /// The byte in the file.
    public var rawValue: UInt8

    /// Makes a direction of the byte in the file.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// To the guest.
    public static let received = Self(rawValue: 0)
    /// From the guest.
    public static let sent = Self(rawValue: 1)
}

/// What a region of memory is.
///
/// PANDA hands the value on unchecked, so any is accepted. Source: `RR_mem_type` in `rr_types.h`.
public struct MemoryRegionKind: RawRepresentable, Hashable, Sendable {
    /// The value in the file.
    public var rawValue: UInt32

    /// Makes a kind of the value in the file.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Registers of a device.
    public static let io = Self(rawValue: 0)
    /// Memory.
    public static let ram = Self(rawValue: 1)
    /// Something else.
    public static let unknown = Self(rawValue: 2)
}
