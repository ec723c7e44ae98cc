import Testing

@testable import Traces

@Suite("Captures in the format pcapng")
struct PcapngTests {
    private func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
    }

    /// The blocks, whose two lengths must agree.
    private func blocks(_ bytes: [UInt8]) throws -> [(type: UInt32, body: [UInt8])] {
        var blocks: [(UInt32, [UInt8])] = []
        var offset = 0
        while offset < bytes.count {
            let length = Int(word(bytes, offset + 4))
            try #require(length % 4 == 0 && length >= 12 && offset + length <= bytes.count)
            #expect(word(bytes, offset + length - 4) == UInt32(length))
            blocks.append((word(bytes, offset), Array(bytes[offset + 8..<offset + length - 4])))
            offset += length
        }
        return blocks
    }

    @Test("the head is a section and an interface of Ethernet with nanoseconds")
    func head() throws {
        let blocks = try blocks(PcapngWriter().head(application: "x", comment: "of five"))
        #expect(blocks.map(\.type) == [0x0a0d_0d0a, 1])
        #expect(word(blocks[0].body, 0) == 0x1a2b_3c4d)
        #expect(blocks[1].body.prefix(4) == [1, 0, 0, 0])
        #expect(blocks[1].body.contains(sequence: [9, 0, 1, 0, 9, 0, 0, 0]))
        #expect(blocks[0].body.contains(sequence: [1, 0, 7, 0] + Array("of five".utf8) + [0]))
    }

    @Test(
        "a packet has its time in two words, its bytes padded, its direction and its comment",
        arguments: 1...8
    )
    func packet(length: Int) throws {
        let frame = (0..<length).map { UInt8($0 + 1) }
        let bytes = PcapngWriter().packet(frame, at: 0x1122_3344_5566_7788, .sent, comment: "hi")
        let block = try #require(try blocks(bytes).first)
        #expect(block.type == 6)
        #expect(word(block.body, 4) == 0x1122_3344 && word(block.body, 8) == 0x5566_7788)
        #expect(word(block.body, 12) == UInt32(length) && word(block.body, 16) == UInt32(length))
        #expect(Array(block.body[20..<20 + length]) == frame)
        #expect(block.body.contains(sequence: [2, 0, 4, 0, 2, 0, 0, 0]))
        #expect(block.body.suffix(12) == [1, 0, 2, 0, 0x68, 0x69, 0, 0, 0, 0, 0, 0])
    }
}

extension [UInt8] {
    fileprivate func contains(sequence: [UInt8]) -> Bool {
        guard count >= sequence.count else { return false }
        return (0...count - sequence.count).contains {
            self[$0..<$0 + sequence.count].elementsEqual(sequence)
        }
    }
}
