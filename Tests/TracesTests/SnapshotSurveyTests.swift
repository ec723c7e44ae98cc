import Testing

@testable import Traces

@Suite("What a snapshot consists of")
struct SnapshotSurveyTests {
    @Test("pages are counted by block, and those that come again")
    func pages() throws {
        var stream = MemoryStream.plain { pages in
            pages[3] = .stored("pc.ram", 0x1000, [UInt8](repeating: 7, count: 4096))
        }
        stream.sections.append([
            .filled("pc.ram", 0x3000, 0x77), .stored("pc.ram", 0x3000, [UInt8](repeating: 1, count: 4096)),
        ])
        let survey = try SnapshotSurvey(bytes: stream.bytes)
        #expect(survey.blocks.map(\.block.name) == ["vga.vram", "pc.ram", "pc.bios"])
        #expect(survey.blocks.map(\.storedPages) == [0, 2, 1])
        #expect(survey.blocks.map(\.filledPages) == [2, 16, 0])
        #expect(survey.blocks.map(\.repeatedPages) == [0, 2, 0])
        #expect(survey.blocks[1].contentBytes == 2 * 4096 + 16)
    }

    @Test("memory and devices are next to each other, up to the end")
    func sections() throws {
        let bytes = MemoryStream.plain().bytes
        let survey = try SnapshotSurvey(bytes: bytes)
        #expect(survey.memory.lowerBound == survey.head.headBytes)
        let timer = try #require(survey.devices.first)
        #expect(survey.devices.count == 1 && timer.device.name == "timer")
        #expect(timer.range == survey.memory.upperBound..<bytes.count - 1)
    }

    @Test("damaged snapshots trap nowhere")
    func damage() {
        let original = MemoryStream.plain().bytes
        var random = SplitMix64(seed: 0x5a9)
        for _ in 0..<3000 {
            var bytes = original
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            if Bool.random(using: &random) {
                bytes.removeSubrange(Int.random(in: 0..<bytes.count, using: &random)...)
            }
            _ = try? SnapshotSurvey(bytes: bytes)
        }
    }
}
