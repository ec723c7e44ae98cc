import Testing
import Traces

@Suite("Nondet log: damage")
struct NondetDamageTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var code: TraceFormatError.Code
        var offset: Int
        var entry: Int?
        var bytes: [UInt8]
        var limits = NondetLogLimits()

        init(
            _ name: String,
            _ code: TraceFormatError.Code,
            at offset: Int,
            entry: Int?,
            memory: UInt64? = nil,
            _ bytes: [UInt8]
        ) {
            testDescription = name
            self.code = code
            self.offset = offset
            self.entry = entry
            self.bytes = bytes
            limits.memoryBytes = memory
        }
    }

    private static let input = rawEntry(5, 0, 4, [1])
    private static let end = rawEntry(9, 7, 17)
    private static let atSecond = 8 + input.count

    private static func write(_ length: UInt32, data: Int) -> [UInt8] {
        rawEntry(
            6,
            6,
            6,
            [0] + Bytes.little(UInt64(0)) + Bytes.little(UInt64(0)) + Bytes.little(length) + [0, 0, 0, 0]
                + [UInt8](repeating: 1, count: data)
        )
    }

    private static func unmap(_ length: UInt64) -> [UInt8] {
        rawEntry(6, 6, 6, [2] + Bytes.little(UInt64(0)) + Bytes.little(UInt64(0)) + Bytes.little(length))
    }

    private static func register(_ length: Int32) -> [UInt8] {
        rawEntry(
            6,
            6,
            6,
            [10] + Bytes.little(Int32(0)) + Bytes.little(Int32(0)) + Bytes.little(UInt64(0))
                + Bytes.little(Int32(0)) + Bytes.little(length)
        )
    }

    static let cases: [Case] = [
        Case(
            "unknown kind",
            .unknownKind,
            at: atSecond,
            entry: 1,
            rawLog(header: 9, input, rawEntry(6, 10, 4), end)
        ),
        Case(
            "unknown kind in a log that was not closed",
            .unknownKind,
            at: atSecond,
            entry: 1,
            rawLog(header: 0, input, rawEntry(6, 255, 4))
        ),
        Case(
            "unknown call",
            .unknownCall,
            at: atSecond,
            entry: 1,
            rawLog(header: 9, input, rawEntry(6, 6, 4, [11]), end)
        ),
        Case(
            "decreasing count",
            .countDecreased,
            at: atSecond,
            entry: 1,
            rawLog(header: 9, input, rawEntry(4, 0, 4, [1]), end)
        ),
        Case(
            "a tail of zeros, as a file system leaves after a crash",
            .countDecreased,
            at: atSecond,
            entry: 1,
            rawLog(header: 0, input, [UInt8](repeating: 0, count: 100))
        ),
        Case(
            "more data than the machine has memory",
            .lengthTooLarge,
            at: atSecond,
            entry: 1,
            memory: 64,
            rawLog(header: 9, input, write(65, data: 65), end)
        ),
        Case(
            "more data than memory and file",
            .lengthTooLarge,
            at: atSecond,
            entry: 1,
            memory: 1 << 20,
            rawLog(header: 0, input, write(UInt32.max, data: 3))
        ),
        Case(
            "more data than the file, though it ends properly",
            .lengthBeyondFile,
            at: atSecond,
            entry: 1,
            rawLog(header: 9, input, write(UInt32.max, data: 3), end)
        ),
        Case(
            "a length that would overflow",
            .lengthBeyondFile,
            at: atSecond,
            entry: 1,
            rawLog(header: 9, input, unmap(UInt64.max), end)
        ),
        Case(
            "a negative length",
            .lengthTooLarge,
            at: atSecond,
            entry: 1,
            rawLog(header: 9, input, register(-1), end)
        ),
        Case(
            "a packet of no bytes",
            .emptyPacket,
            at: atSecond,
            entry: 1,
            rawLog(
                header: 9,
                input,
                rawEntry(6, 6, 29, [5] + [UInt8](repeating: 0, count: 16)),
                end
            )
        ),
        Case(
            "an end before the end",
            .bytesAfterEnd,
            at: atSecond,
            entry: 1,
            rawLog(header: 9, input, end, rawEntry(9, 0, 4, [1]))
        ),
        Case(
            "an end before the end, header 0",
            .bytesAfterEnd,
            at: atSecond,
            entry: 1,
            rawLog(header: 0, input, end, [0])
        ),
        Case(
            "two ends",
            .bytesAfterEnd,
            at: atSecond,
            entry: 1,
            rawLog(header: 9, input, end, end)
        ),
        Case(
            "a header that is not the end's count",
            .headerMismatch,
            at: 0,
            entry: nil,
            rawLog(header: 10, input, end)
        ),
        Case(
            "a header below the entries' counts",
            .headerMismatch,
            at: 0,
            entry: nil,
            rawLog(header: 4, input)
        ),
    ]

    @Test("is named with its place", arguments: cases)
    func damage(_ damaged: Case) throws {
        let log = NondetLog(bytes: damaged.bytes)
        let error = #expect(throws: TraceFormatError.self) { try log.check(limits: damaged.limits) }
        #expect(error?.code == damaged.code)
        #expect(error?.offset == damaged.offset)
        #expect(error?.entry == damaged.entry)
        #expect(error?.message.contains("expected") == true && error?.message.contains("\n") == false)
        if let error {
            let summary = log.survey(limits: damaged.limits)
            #expect(summary.state == .damaged(error))
            // Whatever was whole before is counted.
            if let entry = damaged.entry { #expect(summary.total.entries >= entry) }
        }
    }

    @Test("the reader returns what is whole, then says the same error for ever")
    func readerStays() throws {
        let log = NondetLog(bytes: rawLog(header: 9, Self.input, rawEntry(6, 99, 4), Self.end))
        var reader = log.makeReader()
        #expect(try reader.next()?.payload == .input1(1))
        for _ in 0..<2 {
            let error = #expect(throws: TraceFormatError.self) { try reader.next() }
            #expect(error?.code == .unknownKind)
            #expect(reader.offset == Self.atSecond && reader.entriesRead == 1)
        }
    }

    @Test("a count may fall by as much as the caller allows")
    func stepBack() throws {
        let bytes = rawLog(header: 9, Self.input, rawEntry(4, 0, 4, [1]), Self.end)
        #expect(try NondetLog(bytes: bytes).check(limits: NondetLogLimits(stepBack: 1)).state == .complete)
        let further = rawLog(header: 9, Self.input, rawEntry(3, 0, 4, [1]), Self.end)
        #expect(throws: TraceFormatError.self) {
            try NondetLog(bytes: further).check(limits: NondetLogLimits(stepBack: 1))
        }
    }

    @Test("an error tells its place in words")
    func description() {
        #expect(TraceFormatError(.tornEntry, at: 18, entry: 1, "cut").description == "entry 1, byte 18: cut")
        #expect(TraceFormatError(.cannotOpen, "no").description == "no")
        #expect("\(TraceFormatError.Code.tornEntry)" == "tornEntry")
    }
}
