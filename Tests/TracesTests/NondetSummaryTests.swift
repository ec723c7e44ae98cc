import Foundation
import Testing
import Traces

@Suite("Nondet log: what a check counts")
struct NondetSummaryTests {
    @Test("entries and bytes are counted by kind and call", arguments: HostABI.allCases)
    func tallies(abi: HostABI) throws {
        let bytes = try sampleLog(abi)
        let log = NondetLog(bytes: bytes, abi: abi)
        let summary = try log.check(limits: NondetLogLimits(memoryBytes: 1 << 20))

        #expect(summary.state == .complete)
        #expect(summary.byteCount == bytes.count)
        #expect(summary.total.entries == everyPayload.count + 1)
        #expect(summary.total.bytes == bytes.count - 8)
        #expect(summary.headerInstructionCount == sampleCount(everyPayload.count))
        #expect(summary.firstInstructionCount == 0)
        #expect(summary.finalInstructionCount == sampleCount(everyPayload.count))

        let entries = readAll(log).entries
        for kind in NondetKind.allCases {
            let those = entries.filter { $0.kind == kind }
            #expect(summary.tally(of: kind).entries == those.count)
            #expect(summary.tally(of: kind).bytes == those.reduce(0) { $0 + $1.range.count })
        }
        for call in SkippedCallKind.allCases {
            let those = entries.filter { $0.call == call }
            #expect(summary.tally(of: call).entries == those.count)
            #expect(summary.tally(of: call).bytes == those.reduce(0) { $0 + $1.range.count })
        }
    }

    @Test("a mapped file reads like bytes in memory")
    func mappedFile() throws {
        let bytes = try sampleLog()
        try withScratchFolder { folder in
            let file = folder.appending(path: "a-rr-nondet.log")
            try Data(bytes).write(to: file)
            let log = try NondetLog(path: file.path)
            #expect(log.byteCount == bytes.count)
            #expect(log.headerInstructionCount == sampleCount(everyPayload.count))
            #expect(try log.check() == NondetLog(bytes: bytes).check())
            #expect(readAll(log).entries == readAll(NondetLog(bytes: bytes)).entries)
        }
    }

    @Test("an empty file can be opened and has not ended")
    func emptyFile() throws {
        try withScratchFolder { folder in
            let file = folder.appending(path: "a-rr-nondet.log")
            try Data().write(to: file)
            let log = try NondetLog(path: file.path)
            #expect(log.headerInstructionCount == nil)
            guard case .notEnded(let stop) = try log.check().state else {
                Issue.record("an empty log has not ended")
                return
            }
            #expect(stop.tornBytes == 0 && stop.lastEntry == nil)
        }
    }
}
