import Testing
import Traces

@Suite("Nondet log: what a writer refuses")
struct NondetLogWriterTests {
    private func code(_ body: () throws -> Void) -> TraceFormatError.Code? {
        #expect(throws: TraceFormatError.self) { try body() }?.code
    }

    @Test("entries after the end")
    func afterEnd() throws {
        var writer = NondetLogWriter()
        try writer.finish(at: 3)
        let bytes = writer.bytes
        #expect(code { try writer.append(.input1(1), at: 4) } == .invalidEntry)
        #expect(code { try writer.finish(at: 4) } == .invalidEntry)
        #expect(writer.bytes == bytes)
    }

    @Test("a count that falls")
    func fallingCount() throws {
        var writer = NondetLogWriter()
        try writer.append(.input1(1), at: 4)
        #expect(code { try writer.append(.input1(1), at: 3) } == .invalidEntry)
        #expect(writer.entriesWritten == 1)
    }

    @Test("data where none can be")
    func strayData() throws {
        var writer = NondetLogWriter()
        #expect(code { try writer.append(.input1(1), at: 0, data: [1]) } == .invalidEntry)
        let call = NondetPayload.skippedCall(.serialSend(fifo: 0, value: 0))
        #expect(code { try writer.append(call, at: 0, data: [1]) } == .invalidEntry)
    }

    @Test("a packet without bytes")
    func emptyPacket() throws {
        var writer = NondetLogWriter()
        let packet = NondetPayload.skippedCall(.packet(hostPointer: 0, direction: .sent))
        #expect(code { try writer.append(packet, at: 0) } == .emptyPacket)
    }
}
