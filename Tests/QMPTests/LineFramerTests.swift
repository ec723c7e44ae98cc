import Testing

@testable import QMP

@Suite struct LineFramerTests {
    private func lines(_ pieces: [String], limit: Int = 100) throws -> [LineFramer.Line] {
        var framer = LineFramer(limit: limit)
        var lines: [LineFramer.Line] = []
        for piece in pieces {
            framer.append(piece.utf8)
            while let line = try framer.next() {
                lines.append(line)
            }
        }
        return lines
    }

    @Test func mergedLinesAreCut() throws {
        let lines = try lines(["ab\r\n\ncd\ne"])
        #expect(lines.map(\.offset) == [0, 5])
        #expect(lines.map(\.bytes) == [Array("ab\r".utf8), Array("cd".utf8)])
    }

    @Test func everyWayToCutTheStreamGivesTheSameLines() throws {
        let text = "{\"a\":1}\r\n \t\r\n{}\n{\"b\":2}\n"
        let whole = try lines([text])
        let bytes = Array(text.utf8)
        for size in 1...bytes.count {
            let pieces = stride(from: 0, to: bytes.count, by: size).map { start in
                String(decoding: bytes[start..<min(start + size, bytes.count)], as: UTF8.self)
            }
            #expect(try lines(pieces) == whole)
        }
    }

    @Test func longestLineIsAccepted() throws {
        #expect(try lines(["12345678\n", "12345678\n"], limit: 8).count == 2)
    }

    @Test(arguments: [["123456789\n"], ["123456789"], ["ab\n12345678", "9"]])
    func tooLongLineIsRefused(_ pieces: [String]) throws {
        let error = try #require(throws: QMPError.self) { try lines(pieces, limit: 8) }
        #expect(error.code == .protocolViolation)
        let offset = pieces[0].hasPrefix("ab") ? 3 : 0
        #expect(error.message == "the message at byte \(offset) is longer than 8 bytes")
    }

    @Test func unfinishedLineIsCounted() throws {
        var framer = LineFramer(limit: 8)
        framer.append("ab\ncde".utf8)
        #expect(try framer.next()?.bytes == Array("ab".utf8))
        #expect(try framer.next() == nil)
        #expect(framer.unfinishedCount == 3)
        #expect(framer.offset == 3)
    }
}
