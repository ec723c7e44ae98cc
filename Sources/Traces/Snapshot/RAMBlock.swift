/// A block of the recorded machine's memory, as the snapshot's table names it.
public struct RAMBlock: Hashable, Sendable {
    /// QEMU's name for it, such as `pc.ram`, `vga.vram` or `/rom@etc/acpi/tables`.
    public var name: String

    /// Its size in bytes.
    public var bytes: UInt64

    /// Makes a block.
    public init(name: String, bytes: UInt64) {
        self.name = name
        self.bytes = bytes
    }

    /// Whether it is what the machine was given with `-m`: `BOARD.ram`, or an object given for that purpose.
    ///
    /// Other blocks hold firmware and the memory of devices.
    public var isMainMemory: Bool {
        name.hasSuffix(".ram") || name.hasPrefix("/objects/")
    }
}
