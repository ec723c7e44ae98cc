import Testing
import Traces

@Suite("Snapshot memory: damage")
struct SnapshotMemoryDamageTests {
    private func error(_ stream: MemoryStream) -> TraceFormatError? {
        #expect(throws: TraceFormatError.self) { try SnapshotMemory(bytes: stream.bytes) }
    }

    private func error(_ change: (inout MemoryStream) -> Void) -> TraceFormatError? {
        var stream = MemoryStream.plain()
        change(&stream)
        return error(stream)
    }

    @Test("pages of another kind, of no block, or beyond their block are named with their place")
    func pages() {
        let stream = MemoryStream.plain()
        let first = stream.head.head.count + 5
        let compressed = error { $0.sections[0][0] = .raw(0x40) }
        #expect(compressed?.code == .invalidPage)
        #expect(compressed?.offset == first)
        #expect(error { $0.sections[0][0] = .raw(0x28) }?.code == .invalidPage, "no block was named yet")
        #expect(error { $0.sections[0][0] = .filled("pc.rom", 0, 0) }?.code == .invalidName)
        #expect(error { $0.sections[0][0] = .filled("vga.vram", 0x2000, 0) }?.code == .invalidPage)
        #expect(error { $0.sections[0][3] = .filled("pc.ram", .max << 12, 0) }?.code == .invalidPage)
        #expect(error { $0.sections[0][0] = .raw(0x1010) }?.code == .invalidPage, "an end with an address")
    }

    @Test("other sections, footers and blocks than expected are refused")
    func sections() {
        #expect(error { $0.footerSection = 3 }?.code == .unexpectedSection)
        #expect(error { $0.lastMarker = 0x01 }?.code == .unexpectedSection)
        #expect(error { $0.lastMarker = 0x02 }?.code == .unexpectedSection, "memory does not end")
        #expect(
            error { $0.head.blocks = [("a.ram", 0x1000), ("b.ram", 0x1000)] }?.code == .invalidMemoryTable
        )
        #expect(error { $0.head.blocks = [("vga.vram", 0x1000)] }?.code == .invalidMemoryTable)
        #expect(error { $0.head.pageBits = 10 }?.code == .unsupportedVersion)
    }

    @Test("memory that a stream cannot hold takes no room")
    func claims() {
        let error = error { $0.head.blocks[1].bytes = 1 << 50 }
        #expect(error?.code == .streamCut)
        #expect(error?.message.contains("pc.ram") == true)
    }

    @Test("cut anywhere in its memory, it is refused")
    func everyOffset() {
        let stream = MemoryStream.plain()
        let bytes = stream.bytes
        let device = bytes.count - 1 - 5 - 4 - 8 - 6 - 5
        for cut in 0..<device {
            #expect(throws: TraceFormatError.self, "cut at \(cut)") {
                try SnapshotMemory(bytes: Array(bytes[..<cut]))
            }
        }
        #expect(throws: Never.self) { try SnapshotMemory(bytes: Array(bytes[..<device])) }
    }

    @Test("damaged at random, it is refused or every page of it can be read")
    func mutations() {
        var original = MemoryStream.plain()
        original.sections.append([
            .stored("pc.ram", 0x1000, (0..<4096).map { UInt8($0 & 0xff) }), .filled("pc.ram", 0x3000, 1),
        ])
        let whole = original.bytes
        let places = (0..<whole.count).filter { place in
            // The bytes of stored pages decide nothing.
            place < 480 || place > whole.count - 120 || place % 512 == 0
        }
        var random = SplitMix64(seed: 0xbead)
        var read = 0
        for round in 0..<1500 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = min(places.randomElement(using: &random) ?? 0, bytes.count - 1)
                switch Int.random(in: 0..<6, using: &random) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1:
                    bytes[place] = [0, 1, 2, 3, 8, 0x10, 0x20, 0x7e, 0xff].randomElement(using: &random) ?? 0
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + 9))
                case 3: bytes.insert(contentsOf: bytes.prefix(place).suffix(17), at: place)
                case 4: bytes.removeSubrange(place...)
                default: bytes[place] = UInt8.random(in: 0...255, using: &random)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            guard let memory = try? SnapshotMemory(bytes: bytes) else { continue }
            read += 1
            for page in stride(from: 0, to: min(memory.block.bytes, 0x20000), by: 4096) {
                let got = memory.bytes(4096, at: page)
                if let got, got.count != 4096 { Issue.record("round \(round): \(got.count) bytes") }
            }
            _ = memory.addresses(of: [7, 8, 9], limit: 4)
        }
        #expect(read > 100 && read < 1450, "\(read)")
    }
}
