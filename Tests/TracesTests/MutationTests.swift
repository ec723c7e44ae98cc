import Testing
import Traces

/// Files damaged at random: nothing may trap or hang, and all ways of reading must agree.
@Suite("Damage at random")
struct MutationTests {
    @Test("logs", arguments: HostABI.allCases)
    func logs(abi: HostABI) throws {
        let originals = [try sampleLog(abi), try sampleWriter(abi).bytes]
        var random = SplitMix64(seed: 0x5eed)
        for round in 0..<15_000 {
            let bytes = mutate(originals[round % 2], &random)
            let limits = NondetLogLimits(memoryBytes: round % 3 == 0 ? 1 << 16 : nil)
            let log = NondetLog(bytes: bytes, abi: abi)
            let summary = log.survey(limits: limits)
            var reader = log.makeReader(limits: limits)
            var end = 8
            var failure: TraceFormatError?
            do throws(TraceFormatError) {
                while let entry = try reader.next() {
                    guard entry.range.lowerBound == end, entry.range.upperBound <= bytes.count else {
                        Issue.record("round \(round): entry \(entry.index) lies at \(entry.range)")
                        break
                    }
                    end = entry.range.upperBound
                }
            } catch {
                failure = error
            }
            // One `#expect` a round: it is what costs most here.
            let agrees = summary.total.entries == reader.entriesRead && summary.total.bytes == end - 8
            let state =
                switch summary.state {
                case .complete: failure == nil && end == bytes.count
                case .notEnded(let stop):
                    stop.offset == end && (failure == nil || failure?.code == .tornEntry)
                case .damaged(let error):
                    failure == error || error.code == .headerMismatch || failure?.code == .tornEntry
                }
            if !agrees || !state {
                Issue.record("round \(round): \(summary.state) but read \(end), \(bytes)")
            }
        }
    }

    @Test("snapshots")
    func snapshots() {
        var oldest = SnapshotStream()
        oldest.machine = nil
        oldest.hasFooters = false
        oldest.description = nil
        var arm = SnapshotStream()
        arm.pageBits = 12
        let originals = [SnapshotStream(), oldest, arm].map { (head: $0.head.count, bytes: $0.bytes) }
        var random = SplitMix64(seed: 0xfeed)
        for round in 0..<12_000 {
            let original = originals[round % originals.count]
            // The head is where the decisions fall; the pages behind it are kept short.
            let bytes =
                mutate(Array(original.bytes[..<original.head]), &random)
                + (round % 2 == 0
                    ? original.bytes.suffix(100) : mutate(Array(original.bytes.suffix(100)), &random))
            guard let head = try? SnapshotHead(bytes: bytes) else { continue }
            let sum = head.ramBlocks.reduce(UInt64(0)) { $0 &+ $1.bytes }
            if sum != head.totalRAMBytes || head.headBytes > bytes.count
                || head.machineRAMBytes > head.totalRAMBytes
            {
                Issue.record("round \(round): \(head)")
            }
        }
    }

    @Test("noise")
    func noise() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<2000 {
            let count = Int.random(in: 0..<200, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = NondetLog(bytes: bytes).survey()
            _ = try? SnapshotHead(bytes: bytes)
            _ = try? SnapshotHead(bytes: Array(SnapshotStream().head.prefix(8)) + bytes)
        }
    }
}
