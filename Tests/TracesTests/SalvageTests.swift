import Foundation
import Testing

@testable import Traces

@Suite("A log that was not ended is cut where an engine can stop")
struct SalvageTests {
    /// Three entries at instructions 10, 20 and 30, and then these.
    private func log(_ more: (UInt64, UInt8, UInt8, [UInt8])..., tail: [UInt8] = []) -> NondetLog {
        let first: [(UInt64, UInt8, UInt8, [UInt8])] = [
            (10, 3, 3, [UInt8](repeating: 1, count: 8)), (20, 4, 0, [2, 0, 0, 0]),
            (30, 3, 3, [UInt8](repeating: 2, count: 8)),
        ]
        let entries = (first + more).flatMap { rawEntry($0.0, $0.1, $0.2, $0.3) }
        return NondetLog(bytes: rawLog(header: 0, entries) + tail)
    }

    private let firstBytes = 8 + 18 + 14 + 18

    @Test(
        "wherever a log is torn, its whole entries are kept and the result is whole",
        arguments: HostABI.allCases
    )
    func everyLength(abi: HostABI) throws {
        var writer = NondetLogWriter(abi: abi)
        for (index, sample) in everyPayload.enumerated() {
            try writer.append(sample.payload, at: sampleCount(index), data: sample.data)
        }
        try writer.finish(at: 20_000)
        let whole = writer.bytes
        for length in 0..<whole.count {
            for header in [UInt64(0), 20_000] {
                let bytes = Array((Bytes.little(header) + whole.dropFirst(8)).prefix(length))
                let log = NondetLog(bytes: bytes, abi: abi)
                let found = readAll(log).entries
                guard let salvage = try? log.salvage() else {
                    #expect(found.isEmpty, "length \(length)")
                    continue
                }
                let salvaged = NondetLog(bytes: salvage.bytes(of: log), abi: abi)
                let summary = salvaged.survey()
                #expect(summary.state == .complete, "length \(length)")
                #expect(salvage.entriesKept == found.count && salvage.entriesDropped == 0)
                #expect(summary.total.entries == found.count + 1)
                #expect(salvage.byteCount == salvaged.byteCount)
                #expect(salvage.bytesDropped == bytes.count - (found.last?.range.upperBound ?? 0))
            }
        }
    }

    @Test("only the header is missing: the log becomes what the engine would have made of it")
    func headerOnly() throws {
        let whole = try sampleLog()
        let log = NondetLog(bytes: Bytes.little(UInt64(0)) + whole.dropFirst(8))
        let salvage = try log.salvage()
        #expect(salvage.bytesDropped == 0 && salvage.entriesDropped == 0)
        var expected = whole
        expected[expected.count - 1] = 17
        #expect(salvage.bytes(of: log) == expected)
    }

    @Test("a log whose last entry is within a read of the guest is cut before that instruction")
    func withinRead() throws {
        let result: [UInt8] = [0, 0, 0, 0]
        for callsite in UInt8(9)...12 {
            let salvage = try log((40, 2, callsite, result), tail: [40, 0]).salvage()
            #expect(salvage.cutOffset == firstBytes && salvage.finalInstructionCount == 30)
            #expect(salvage.entriesKept == 3 && salvage.entriesDropped == 1 && salvage.bytesDropped == 16)
        }
        // A read in pieces: the first is whole, which does not help.
        let pieces = try log((40, 2, 10, result), (40, 3, 10, result + result), (40, 2, 10, result)).salvage()
        #expect(pieces.cutOffset == firstBytes && pieces.entriesDropped == 3)
        // A device that acts before it answers.
        let call = [UInt8](repeating: 0, count: 33)
        for callsite in [UInt8(4), 9, 10, 11, 12] {
            #expect(try log((40, 6, callsite, [3] + call.dropFirst())).salvage().cutOffset == firstBytes)
        }
        // It has answered, is written to, or acts by itself; or that is the number of an interrupt.
        #expect(try log((40, 2, 12, result), (40, 3, 12, result + result)).salvage().entriesKept == 5)
        for callsite in [UInt8(0), 5, 6, 13, 16, 17, 44] {
            let salvage = try log((40, 6, callsite, [3] + call.dropFirst())).salvage()
            #expect(salvage.entriesKept == 4 && salvage.finalInstructionCount == 40)
        }
        #expect(try log((40, 2, 1, result)).salvage().entriesKept == 4)
    }

    @Test("steps back give up what one instruction made after the other")
    func stepsBack() throws {
        let log = log((30, 4, 2, [0, 0, 0, 0]), (40, 2, 12, [0, 0, 0, 0]))
        let counts = try (0...2).map { try log.salvage(stepsBack: $0) }
        #expect(counts.map(\.finalInstructionCount) == [30, 20, 10])
        #expect(counts.map(\.entriesKept) == [4, 2, 1])
        #expect(counts.map(\.entriesDropped) == [1, 3, 4])
        let error = #expect(throws: TraceFormatError.self) { try log.salvage(stepsBack: 3) }
        #expect(error?.code == .nothingToSalvage)
        // A whole log can be cut, too, where it does not replay.
        let whole = NondetLog(bytes: try sampleLog())
        #expect(try whole.salvage(stepsBack: 1).entriesKept == everyPayload.count - 1)
    }

    @Test("nothing is salvaged of a whole log, or of one without an entry")
    func nothing() throws {
        for bytes in [try sampleLog(), [], [0, 0, 0], rawLog(header: 0), rawLog(header: 7) + [1, 2]] {
            let error = #expect(throws: TraceFormatError.self) { try NondetLog(bytes: bytes).salvage() }
            #expect(error?.code == .nothingToSalvage)
        }
    }

    @Test("a damaged log is cut at its damage, if that is wanted")
    func damaged() throws {
        let log = log((40, 0x42, 3, [0, 0, 0, 0]), (50, 4, 0, [0, 0, 0, 0]))
        let error = #expect(throws: TraceFormatError.self) { try log.salvage() }
        #expect(error?.code == .unknownKind && error?.offset == firstBytes)
        let salvage = try log.salvage(damaged: true)
        #expect(salvage.damage == error && salvage.cutOffset == firstBytes && salvage.bytesDropped == 28)
        #expect(NondetLog(bytes: salvage.bytes(of: log)).survey().state == .complete)
        let tail = NondetLog(bytes: try sampleLog() + [1, 2, 3])
        let kept = try tail.salvage(damaged: true)
        #expect(kept.entriesKept == everyPayload.count && kept.finalInstructionCount == 20_000)
        let wrong = NondetLog(bytes: Bytes.little(UInt64(3)) + (try sampleLog()).dropFirst(8))
        #expect(try wrong.salvage(damaged: true).finalInstructionCount == 20_000)
    }

    private struct Stop: Error {}

    @Test("the new log is written beside the old one, which stays as it is; nothing is left of a failure")
    func write() throws {
        try withScratchFolder { folder in
            let original = folder.appending(path: "a-rr-nondet.log")
            let target = folder.appending(path: "b-rr-nondet.log")
            let bytes = Array(Bytes.little(UInt64(0)) + (try sampleLog()).dropFirst(8).dropLast(14))
            try Data(bytes).write(to: original)
            let log = try NondetLog(path: original.path)
            let salvage = try log.salvage()
            #expect(throws: Stop.self) {
                try salvage.write(from: original.path, to: target.path) { _ in throw Stop() }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a-rr-nondet.log"])
            try salvage.write(from: original.path, to: target.path)
            #expect(try Data(contentsOf: target) == Data(salvage.bytes(of: log)))
            #expect(try Data(contentsOf: original) == Data(bytes))
            let taken = #expect(throws: TraceFormatError.self) {
                try salvage.write(from: original.path, to: target.path)
            }
            #expect(taken?.code == .cannotWrite)
            try salvage.write(from: original.path, to: target.path, replacing: true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
            try Data(bytes.prefix(20)).write(to: original)
            #expect(throws: TraceFormatError.self) {
                try salvage.write(from: original.path, to: target.path, replacing: true)
            }
        }
    }
}
