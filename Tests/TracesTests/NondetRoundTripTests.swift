import Testing
import Traces

@Suite("Nondet log: what is written is read")
struct NondetRoundTripTests {
    @Test("every kind and call comes back with its place and data", arguments: HostABI.allCases)
    func everyKind(abi: HostABI) throws {
        let bytes = try sampleLog(abi)
        let log = NondetLog(bytes: bytes, abi: abi)
        let (entries, error) = readAll(log)

        #expect(error == nil)
        try #require(entries.count == everyPayload.count + 1)
        var offset = 8
        for (index, sample) in everyPayload.enumerated() {
            let entry = entries[index]
            #expect(entry.payload == sample.payload)
            #expect(entry.index == index)
            #expect(entry.instructionCount == sampleCount(index))
            #expect(entry.callsite.rawValue == UInt8(index))
            #expect(log.bytes(of: entry.dataRange) == sample.data)
            #expect(entry.range.lowerBound == offset)
            offset = entry.range.upperBound
        }
        #expect(entries.last?.kind == .endOfLog)
        #expect(entries.last?.range.upperBound == bytes.count)
        #expect(Set(entries.map(\.kind)) == Set(NondetKind.allCases))
        #expect(Set(entries.compactMap(\.call)) == Set(SkippedCallKind.allCases))
    }

    @Test("data can be lent without a copy")
    func lending() throws {
        var writer = NondetLogWriter()
        try writer.append(
            .skippedCall(.packet(hostPointer: 0, direction: .received)),
            at: 1,
            data: [5, 6, 7]
        )
        let log = NondetLog(bytes: writer.bytes)
        let entry = try #require(readAll(log).entries.first)
        let second = log.withBytes(of: entry.dataRange) { $0.unsafeLoad(fromByteOffset: 1, as: UInt8.self) }
        #expect(second == 6)
    }

    @Test("a log without entries but the end is complete", arguments: [0, 77] as [UInt64])
    func onlyEnd(count: UInt64) throws {
        var writer = NondetLogWriter()
        try writer.finish(at: count)
        #expect(writer.bytes.count == 18)
        let summary = try NondetLog(bytes: writer.bytes).check()
        #expect(summary.state == .complete)
        #expect(summary.total.entries == 1)
        #expect(summary.duration == count)
    }

    @Test("call sites have PANDA's names")
    func callsiteNames() {
        #expect(Callsite.readTimeStampCounter.name == "RDTSC")
        #expect(Callsite.endOfLog.name == "END_OF_LOG")
        #expect(Callsite.exceptionIndex.name == "CPU_EXCEPTION_INDEX")
        #expect(Callsite(rawValue: 44).name == "LAST")
        #expect("\(Callsite(rawValue: 200))" == "200")
    }
}
