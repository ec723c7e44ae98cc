/// What a reader believes of a log.
public struct NondetLogLimits: Hashable, Sendable {
    /// The most data a single entry may carry, in bytes; `nil` for no limit but the file's size.
    ///
    /// No entry carries more than the machine has memory: ``SnapshotHead/totalRAMBytes`` is the right value.
    public var memoryBytes: UInt64?

    /// By how many guest instructions the count may fall from one entry to the next.
    ///
    /// PANDA takes one instruction back when a guest overwrites the code it is just running
    /// (`tb_invalidate_phys_page_range` in `translate-all.c`), so that a sound log could step back by 1 if an
    /// entry was made at that very moment. This has not been seen; the default is 0.
    public var stepBack: UInt64

    /// Makes limits; without arguments, those that need no knowledge of the machine.
    public init(memoryBytes: UInt64? = nil, stepBack: UInt64 = 0) {
        self.memoryBytes = memoryBytes
        self.stepBack = stepBack
    }
}
