import Foundation
import Traces

/// Makes a capture of a recording's packets, with times from the guest's own rate of the counter, and forgets it.
///
/// - Returns: How many packets there are.
func extractPackets(_ files: RecordingFiles) throws -> Int {
    let log = try NondetLog(path: files.nondetLogPath)
    let rate = try SnapshotMemory(path: files.snapshotPath).timeStampCounterRate()
    let clock = GuestClock(log.clockReads(), ticksPerSecond: rate, length: nil)
    let writer = PcapngWriter()
    let output = FileHandle(forWritingAtPath: "/dev/null")
    try output?.write(contentsOf: writer.head(application: "reader-speed", comment: files.name))
    var frames = log.makeFrameReader()
    var count = 0
    while let frame = try frames.next() {
        let isArrival = frame.direction == .received
        let moment = clock?.moment(at: frame.instructionCount, in: frame.bracket, isArrival: isArrival)
        let block = writer.packet(
            log.bytes(of: frame),
            at: UInt64(max(0, moment?.seconds ?? 0) * 1e9),
            frame.direction,
            comment: "\(frame.instructionCount)"
        )
        try output?.write(contentsOf: block)
        count += 1
    }
    return count
}
