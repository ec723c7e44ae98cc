import Testing

@testable import Traces

@Suite("Texts in memory")
struct SnapshotTextTests {
    private func memory(_ places: [(Int, [UInt8])]) throws -> SnapshotMemory {
        var bytes = [UInt8](repeating: 0, count: 3 * 4096)
        for (offset, text) in places { bytes.replaceSubrange(offset..<offset + text.count, with: text) }
        let stream = MemoryStream.plain { pages in
            for page in 0..<3 {
                pages[2 + page] = .stored(
                    "pc.ram",
                    UInt64(page) << 12,
                    Array(bytes[page * 4096..<(page + 1) * 4096])
                )
            }
        }
        return try SnapshotMemory(bytes: stream.bytes)
    }

    private func texts(
        _ memory: SnapshotMemory,
        _ encoding: SnapshotMemory.TextEncoding = .ascii,
        shortest: Int = 4
    ) -> [String] {
        var found: [String] = []
        memory.forEachText(encoding, shortest: shortest) { address, text in
            found.append("\(address) \(String(decoding: text, as: UTF8.self))")
        }
        return found
    }

    @Test("texts of some length, across a page's border, up to the end of memory that is stored")
    func ascii() throws {
        let memory = try memory([
            (10, Array("abc".utf8)), (20, Array("abcd".utf8)), (4094, Array("border".utf8)),
            (3 * 4096 - 4, Array("last".utf8)),
        ])
        #expect(texts(memory) == ["20 abcd", "4094 border", "12284 last"])
        #expect(texts(memory, shortest: 3).first == "10 abc")
    }

    @Test("texts of two bytes a character")
    func utf16() throws {
        let wide = Array("secret".utf8).flatMap { [$0, UInt8(0)] }
        let memory = try memory([(4090, wide), (100, Array("narrow".utf8))])
        #expect(texts(memory, .utf16LittleEndian) == ["4090 secret"])
    }

    @Test("a text without end comes in pieces")
    func long() throws {
        let memory = try memory([(0, [UInt8](repeating: 65, count: 5000))])
        #expect(texts(memory).map(\.utf8.count) == [4098, 909])
    }

    @Test("the rate that most copies of the kernel's message agree in is believed")
    func rate() throws {
        func place(_ text: String, _ offset: Int) -> (Int, [UInt8]) { (offset, Array(text.utf8)) }
        let refined = "tsc: Refined TSC clocksource calibration: "
        let known = try memory([
            place(refined + "2596.108 MHz\n", 0), place(refined + "%lu.%03lu MHz\n", 200),
            place(refined + "9999.000 MHz\n", 400), place(refined + "2596.108 MHz\n", 4080),
            place("tsc: Detected 2594.5 MHz processor", 600),
        ])
        #expect(known.timeStampCounterRate() == 2_596_108_000)
        let coarse = try memory([place("tsc: Detected 2594.526 MHz processor", 600)])
        #expect(coarse.timeStampCounterRate() == 2_594_526_000)
        let nonsense = try memory([place(refined + "1e99 MHz", 0), place("tsc: Detected nan MHz", 100)])
        #expect(nonsense.timeStampCounterRate() == nil)
        #expect(try memory([]).timeStampCounterRate() == nil)
    }
}
