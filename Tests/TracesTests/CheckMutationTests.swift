import Glibc
import Testing
import Traces

/// Files damaged at random, for what makes new files or verdicts of them.
///
/// With those of `MutationTests` and `SnapshotMemoryDamageTests` they are more than 130,000.
@Suite("Damage at random: checks and salvage")
struct CheckMutationTests {
    /// The most memory that the process has had, in bytes.
    private var peak: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }

    @Test(
        "logs: what is salvaged is whole, and a check calls nothing sound that the survey does not",
        arguments: HostABI.allCases
    )
    func logs(abi: HostABI) throws {
        let whole = try sampleLog(abi)
        let originals = [whole, try sampleWriter(abi).bytes]
        let head = try SnapshotHead(bytes: SnapshotStream().bytes)
        let before = peak
        var random = SplitMix64(seed: 0x5a17)
        for round in 0..<20_000 {
            let log = NondetLog(bytes: mutate(originals[round % 2], &random), abi: abi)
            let (check, summary) = TraceCheck.log(log, against: round % 3 == 0 ? nil : head)
            let isSound = !check.findings.contains {
                $0.severity == .error && $0.code != .outsideMemory && $0.code != .otherProcessor
            }
            var isRight = isSound == (summary.state == .complete)
            if let salvage = try? log.salvage(damaged: round % 4 != 0, stepsBack: round % 5) {
                let salvaged = NondetLog(bytes: salvage.bytes(of: log), abi: abi).survey()
                isRight =
                    isRight && salvaged.state == .complete && salvage.entriesDropped >= 0
                    && salvaged.total.entries == salvage.entriesKept + 1
                    && salvage.cutOffset <= log.byteCount && salvage.bytesDropped >= 0
                    && salvaged.finalInstructionCount == salvage.finalInstructionCount
            }
            if !isRight { Issue.record("round \(round): \(summary.state), \(check.findings)") }
        }
        #expect(peak - before < 64 << 20)
    }

    @Test("snapshots: a check calls nothing sound that cannot be read")
    func snapshots() {
        let small = MemoryStream.plain()
        var oldest = MemoryStream.plain()
        oldest.head.machine = nil
        oldest.head.hasFooters = false
        var split = MemoryStream.plain()
        split.sections = [Array(split.sections[0].prefix(7)), Array(split.sections[0].dropFirst(7))]
        let originals = [small, oldest, split].map(\.bytes)
        let before = peak
        var random = SplitMix64(seed: 0xc0de)
        for round in 0..<45_000 {
            let bytes = mutate(originals[round % 3], &random)
            let (check, _) = TraceCheck.snapshot(bytes: bytes)
            let memory = try? SnapshotMemory(bytes: bytes)
            let canBeRead = memory != nil || !check.isSound
            _ = memory?.bytes(5000, at: 0x3456)
            // One main block is what reading memory asks for, and a check does not.
            if !canBeRead, (try? SnapshotHead(bytes: bytes))?.ramBlocks.count(where: \.isMainMemory) == 1 {
                Issue.record("round \(round): sound, but it cannot be read")
            }
        }
        #expect(peak - before < 64 << 20)
    }
}
