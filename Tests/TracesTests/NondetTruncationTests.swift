import Testing
import Traces

@Suite("Nondet log: cut short")
struct NondetTruncationTests {
    @Test(
        "cut anywhere, a closed log has not ended and its whole entries are counted",
        arguments: HostABI.allCases
    )
    func everyOffset(abi: HostABI) throws {
        let bytes = try sampleLog(abi)
        let whole = readAll(NondetLog(bytes: bytes, abi: abi)).entries
        for cut in 0..<bytes.count {
            try expectCut(Array(bytes[..<cut]), whole: whole, hasHeader: cut >= 8, abi: abi)
        }
    }

    @Test("cut anywhere, the log of a killed engine has not ended", arguments: HostABI.allCases)
    func everyOffsetUnclosed(abi: HostABI) throws {
        let bytes = try sampleWriter(abi).bytes
        let whole = readAll(NondetLog(bytes: bytes, abi: abi)).entries
        for cut in 0...bytes.count {
            try expectCut(Array(bytes[..<cut]), whole: whole, hasHeader: false, abi: abi)
        }
    }

    private func expectCut(_ bytes: [UInt8], whole: [NondetEntry], hasHeader: Bool, abi: HostABI) throws {
        let log = NondetLog(bytes: bytes, abi: abi)
        let kept = whole.filter { $0.range.upperBound <= bytes.count }
        let end = kept.last?.range.upperBound ?? 8
        let torn = bytes.count < 8 ? bytes.count : bytes.count - end
        let expected = UnendedLog(
            hasHeader: hasHeader,
            hasEnd: false,
            offset: end,
            tornBytes: torn,
            lastEntry: kept.last?.index,
            instructionCount: kept.last?.instructionCount ?? 0
        )
        let summary = try log.check()
        #expect(summary.state == .notEnded(expected), "cut at \(bytes.count)")
        #expect(summary.total.entries == kept.count)

        let read = readAll(log)
        #expect(read.entries == kept)
        if bytes.count > end {
            #expect(read.error?.code == .tornEntry)
            #expect(read.error?.offset == end)
            #expect(read.error?.entry == kept.count)
        } else {
            #expect(read.error == nil)
        }
    }

    @Test("an end without a header is not ended: the engine was killed between the two")
    func endWithoutHeader() throws {
        let bytes = rawLog(header: 0, rawEntry(5, 0, 4, [1]), rawEntry(9, 7, 17))
        let expected = UnendedLog(
            hasHeader: false,
            hasEnd: true,
            offset: bytes.count,
            tornBytes: 0,
            lastEntry: 1,
            instructionCount: 9
        )
        #expect(try NondetLog(bytes: bytes).check().state == .notEnded(expected))
    }
}
