import Testing
import Traces

@Suite("Pages of a snapshot")
struct SnapshotPageCountsTests {
    @Test("those of main memory are counted, each once")
    func counts() throws {
        let page = [UInt8](repeating: 0x41, count: 4096)
        let stream = MemoryStream.plain { pages in
            pages[4] = .stored("pc.ram", 0x2000, page)
            pages[5] = .stored("pc.ram", 0x3000, page)
            pages.append(.stored("pc.ram", 0x3000, page))
        }
        let counts = try SnapshotMemory(bytes: stream.bytes).pageCounts
        #expect(counts.stored == 2)
        #expect(counts.filled == 14)
    }
}
