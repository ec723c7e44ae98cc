import FuzzDriver
import Traces

@main
enum FuzzSnapshot {
    static func main() { fuzz { read($0, $1) } }
}

/// Reads a snapshot in every way there is.
///
/// Nothing may trap, hang or take more memory than the snapshot has.
private func read(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let (check, _) = TraceCheck.snapshot(bytes: bytes)
    guard let head = try? SnapshotHead(bytes: bytes) else {
        precondition(!check.isSound)
        return 0
    }
    precondition(head.headBytes <= size && head.machineRAMBytes <= head.totalRAMBytes)
    guard let memory = try? SnapshotMemory(bytes: bytes) else { return 0 }
    let first = memory.bytes(64, at: 0)
    if let first { _ = memory.addresses(of: Array(first.prefix(4)), limit: 4) }
    for range in memory.ranges { _ = memory.bytes(5000, at: range.upperBound &- 5000) }
    return 0
}
