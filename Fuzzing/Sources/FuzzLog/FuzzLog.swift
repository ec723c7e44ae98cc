import FuzzDriver
import Traces

@main
enum FuzzLog {
    static func main() { fuzz { read($0, $1) } }
}

/// Reads a log in every way there is.
///
/// Nothing may trap, hang or take more memory than the log has, and all ways must agree. What is salvaged must be
/// whole.
private func read(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    // The first byte says how it is read.
    let choice = bytes.first ?? 0
    let abi: HostABI = choice & 1 == 0 ? .lp64 : .i386
    let limits = NondetLogLimits(memoryBytes: choice & 2 == 0 ? nil : 1 << 16, stepBack: UInt64(choice >> 7))
    let log = NondetLog(bytes: Array(bytes.dropFirst()), abi: abi)
    let summary = log.survey(limits: limits)

    var reader = log.makeReader(limits: limits)
    var (end, isDone) = (8, false)
    while !isDone {
        guard let entry = try? reader.next() else {
            isDone = true
            continue
        }
        precondition(entry.range.lowerBound == end && entry.dataRange.upperBound == entry.range.upperBound)
        end = entry.range.upperBound
        _ = log.bytes(of: entry.dataRange)
    }
    precondition(summary.total.entries == reader.entriesRead && summary.total.bytes == end - 8)

    if let salvage = try? log.salvage(
        damaged: choice & 4 != 0,
        stepsBack: Int(choice >> 3 & 7),
        limits: limits
    ) {
        let salvaged = NondetLog(bytes: salvage.bytes(of: log), abi: abi).survey(limits: limits)
        precondition(salvaged.state == .complete && salvaged.total.entries == salvage.entriesKept + 1)
    }
    let (check, _) = TraceCheck.log(log, against: nil)
    precondition(!check.items.isEmpty)
    return 0
}
