import Testing

@testable import Traces

@Suite("Frames of the network")
struct NetworkFrameTests {
    private func frames(_ log: NondetLog) -> [NetworkFrame] {
        var reader = log.makeFrameReader()
        var frames: [NetworkFrame] = []
        while let frame = try? reader.next() { frames.append(frame) }
        return frames
    }

    @Test("sent and received frames in their order, with the reads of the clock around them")
    func order() throws {
        var builder = LogBuilder()
        try builder.send([1, 2, 3], at: 5)
        try builder.clock(100, at: 10)
        try builder.receive([[4, 5]], at: 20)
        try builder.send([6], at: 30)
        try builder.clock(200, at: 40)
        try builder.receive([[7]], at: 50)
        let log = try builder.log(endingAt: 60)
        let found = frames(log)
        #expect(found.map { log.bytes(of: $0) } == [[1, 2, 3], [4, 5], [6], [7]])
        #expect(found.map(\.direction) == [.sent, .received, .sent, .received])
        #expect(found.map(\.instructionCount) == [5, 20, 30, 50])
        #expect(found.map { $0.bracket.before?.ticks } == [nil, 100, 100, 200])
        #expect(found.map { $0.bracket.after?.ticks } == [100, 200, 200, nil])
    }

    @Test("a frame that fills several buffers is one")
    func severalBuffers() throws {
        var builder = LogBuilder()
        let pieces: [[UInt8]] = [[UInt8](repeating: 1, count: 2048), [UInt8](repeating: 2, count: 900)]
        try builder.receive(pieces, at: 1)
        try builder.receive([[3]], at: 1)
        let log = try builder.log(endingAt: 1)
        let found = frames(log)
        #expect(found.map(\.byteCount) == [2948, 1])
        #expect(log.bytes(of: found[0]) == pieces.flatMap { $0 })
    }

    @Test("a frame that never ends is handed out, and not glued to the next")
    func unended() throws {
        var builder = LogBuilder()
        try builder.receive([[1]], at: 1, isEnded: false)
        try builder.send([2], at: 2)
        try builder.receive([[3]], at: 3, isEnded: false)
        try builder.receive([[4]], at: 4)
        try builder.receive([[5]], at: 5, isEnded: false)
        let log = try builder.log(endingAt: 9)
        #expect(frames(log).map { log.bytes(of: $0) } == [[1], [2], [3], [4], [5]])
    }

    @Test("endless pieces do not make an endless frame")
    func bounded() throws {
        var builder = LogBuilder()
        let piece = [UInt8](repeating: 7, count: 4096)
        for _ in 0..<10 { try builder.receive([piece], at: 1, isEnded: false) }
        let log = try builder.log(endingAt: 1)
        let found = frames(log)
        #expect(found.map(\.byteCount).max() == 16384)
        #expect(found.reduce(0) { $0 + $1.byteCount } == 40960)
    }

    @Test("frames without a read of the clock after them are not kept waiting")
    func manyWithoutClock() throws {
        var builder = LogBuilder()
        for index in 0..<5000 { try builder.send([UInt8(index & 0xff)], at: UInt64(index)) }
        let found = frames(try builder.log(endingAt: 5000))
        #expect(found.count == 5000)
        #expect(found.map(\.instructionCount) == (0..<5000).map { UInt64($0) })
    }

    @Test("the frames before a damage come, then the damage")
    func damage() throws {
        var builder = LogBuilder()
        try builder.send([1], at: 1)
        try builder.receive([[2]], at: 2)
        let bytes = builder.writer.bytes + [0, 0, 0, 0, 0, 0, 0, 9, 99, 0]
        var reader = NondetLog(bytes: bytes).makeFrameReader()
        #expect(try reader.next()?.instructionCount == 1)
        #expect(try reader.next()?.instructionCount == 2)
        #expect(throws: TraceFormatError.self) { try reader.next() }
        #expect(throws: TraceFormatError.self) { try reader.next() }
    }
}
