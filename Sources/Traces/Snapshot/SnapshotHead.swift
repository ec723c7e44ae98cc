/// What the beginning of a snapshot, `NAME-rr-snp`, tells about the recorded machine, and whether the end is
/// there.
///
/// The file is a QEMU migration stream, big endian throughout. Sources of the format, all in PANDA's QEMU:
/// `qemu_savevm_state_header` in `migration/savevm.c`, `ram_save_setup` in `migration/ram.c`, and
/// `rr_do_begin_record` in `panda/src/rr/rr_log.c`, which writes the file.
public struct SnapshotHead: Hashable, Sendable {
    /// The version of the stream; 3 is the only one that PANDA reads and writes.
    public var streamVersion: UInt32

    /// The machine type, such as `pc-i440fx-2.9`; `nil` for the oldest types, which do not give it.
    public var machine: String?

    /// The size of a guest page as a power of two, given only by guests with variable page size.
    public var targetPageBits: UInt32?

    /// The machine's memory, block by block, in the order of the file.
    public var ramBlocks: [RAMBlock]

    /// The size of all blocks in bytes: memory, video memory and firmware.
    public var totalRAMBytes: UInt64

    /// Whether sections end with a footer; those of the oldest machine types do not.
    public var hasSectionFooters: Bool

    /// The size of the head itself in bytes: all up to the first page of memory.
    public var headBytes: Int

    /// The size of the file in bytes.
    public var byteCount: Int

    /// How the stream ends.
    public var ending: SnapshotEnding

    /// How much memory the machine was given, in bytes: what `-m` said.
    ///
    /// Known by the names of the blocks; if none is known, the largest block.
    public var machineRAMBytes: UInt64 {
        let main = ramBlocks.filter(\.isMainMemory)
        // Cannot overflow: the parser has compared the sum of all blocks with the total.
        return main.isEmpty ? ramBlocks.map(\.bytes).max() ?? 0 : main.reduce(0) { $0 &+ $1.bytes }
    }

    /// Whether the end of the stream is missing.
    public var isCut: Bool { ending == .cut }
}
