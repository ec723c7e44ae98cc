/// How a snapshot's stream ends.
///
/// Devices do not say how long their state is, so that only a QEMU with the same devices can read all of a
/// stream; its end can be recognised nevertheless. What this cannot see: PANDA opens the file without
/// emptying it, so that a shorter snapshot written over a longer one ends with the longer one's tail.
public enum SnapshotEnding: Hashable, Sendable {
    /// The end marker, then a description of the machine's state in JSON of that many bytes.
    ///
    /// All machines but the oldest types write one.
    case described(bytes: Int)
    /// The end marker after a section's footer, without a description.
    case undescribed
    /// A byte that may be the end marker, in a stream whose sections have no footers to confirm it.
    case unconfirmed
    /// No end marker: the disk ran full or the engine was killed.
    case cut
}
