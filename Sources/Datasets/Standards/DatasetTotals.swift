import Foundation
import HostSupport
import RunRecords

/// The sums over a dataset's traces.
struct DatasetTotals: Hashable, Sendable {
    let traces: Int
    let verified: Int
    let runs: Int
    /// The bytes of all files that the index names.
    let packedBytes: UInt64
    /// The bytes that come out of them.
    let restoredBytes: UInt64
    /// The bytes of the recordings as they are packed, and as they were made.
    let packedRecordings: UInt64
    let restoredRecordings: UInt64
    let instructions: UInt64
    let seconds: Double
    let images: [String]
    let architectures: [String]
    /// The addresses of those who were connected to a guest.
    let peers: Int
    let first: Date?
    let last: Date?

    /// The longest recording that is believed in, in seconds: thirty thousand years.
    static let longest = 1e12

    init(_ index: DatasetIndex) {
        func sum(_ values: some Sequence<UInt64>) -> UInt64 {
            values.reduce(0) { sum, value in
                let (result, overflow) = sum.addingReportingOverflow(value)
                return overflow ? .max : result
            }
        }
        let all = index.traces
        let files = index.describedFiles.map(\.file)
        let recordings = all.flatMap { [$0.snapshot] + [$0.log].compactMap { $0 } }
        traces = all.count
        verified = all.count(where: \.isVerified)
        runs = Set(all.map(\.run)).count
        packedBytes = sum(files.map(\.bytes))
        restoredBytes = sum(files.map { $0.restored?.bytes ?? $0.bytes })
        packedRecordings = sum(recordings.map(\.bytes))
        restoredRecordings = sum(recordings.map { $0.restored?.bytes ?? $0.bytes })
        instructions = sum(all.compactMap(\.instructions))
        // Nobody waits for longer than a recording can take.
        seconds = all.compactMap(\.seconds).reduce(0) { $0 + min(max($1, 0), Self.longest) }
        images = Set(all.map(\.image)).sorted()
        architectures = Set(all.map(\.architecture)).sorted()
        peers = Set(all.flatMap { $0.peers.map(\.address) }).count
        first = all.compactMap(\.started).min()
        last = all.compactMap(\.started).max()
    }
}
