extension SnapshotMemory {
    /// Where main memory lies in the guest's physical address space.
    ///
    /// A PC leaves room for its devices below 4 GiB; memory that does not fit below that room is above 4 GiB. Other
    /// machines are taken to have theirs in one piece from address 0 on.
    ///
    /// Source: `pc_init1` in `hw/i386/pc_piix.c` and `pc_q35_init` in `hw/i386/pc_q35.c` of PANDA's QEMU, for machine
    /// types of version 2.0 and newer, without the option `max-ram-below-4g`.
    public struct Layout: Hashable, Sendable {
        /// How many bytes there are from address 0 on.
        public let bytesBelow4GiB: UInt64
        /// How many bytes there are from 4 GiB on.
        public let bytesAbove4GiB: UInt64

        private static let upperStart: UInt64 = 1 << 32

        init(machine: String?, bytes: UInt64) {
            let (limit, boundary): (UInt64, UInt64) =
                switch machine {
                case let name? where name.hasPrefix("pc-q35"): (0xb000_0000, 0x8000_0000)
                case let name? where name.hasPrefix("pc-i440fx"): (0xe000_0000, 0xc000_0000)
                default: (.max, 0)
                }
            bytesBelow4GiB = bytes >= limit ? boundary : bytes
            bytesAbove4GiB = bytes - bytesBelow4GiB
        }

        var ranges: [Range<UInt64>] {
            [0..<bytesBelow4GiB, Self.upperStart..<Self.upperStart + bytesAbove4GiB].filter { !$0.isEmpty }
        }

        /// The offset in the block of a physical address.
        func offset(of address: UInt64) -> Int? {
            if address < bytesBelow4GiB { return Int(exactly: address) }
            guard address >= Self.upperStart, address - Self.upperStart < bytesAbove4GiB else { return nil }
            return Int(exactly: address - Self.upperStart + bytesBelow4GiB)
        }

        /// The physical address of an offset in the block.
        func address(of offset: Int) -> UInt64 {
            let offset = UInt64(offset)
            return offset < bytesBelow4GiB ? offset : offset - bytesBelow4GiB + Self.upperStart
        }
    }
}
