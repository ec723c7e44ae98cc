import Foundation
import HostSupport
import TestSupport
import Testing

@Suite struct LogTests {
    @Test func aTailGivesWhatIsNew() async throws {
        try await withScratch { folder in
            var tail = FileTail(folder / "log")
            #expect(tail.next().isEmpty, "there is no file yet")
            let file = folder / "log"
            try FileSystem.write("abc", to: file)
            #expect(tail.next(limit: 2) == Data("ab".utf8))
            let handle = try #require(FileHandle(forWritingAtPath: file.string))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data("def".utf8))
            try handle.close()
            #expect(tail.next() == Data("cdef".utf8))
            #expect(tail.next().isEmpty)
        }
    }

    @Test func theLastLinesAreThoseOfALongFileWithoutControlCharacters() async throws {
        try await withScratch { folder in
            let lines = (0..<10_000).map { "line \($0)" }.joined(separator: "\r\n")
            try FileSystem.write(lines + "\n\nlast \u{1B}[2J\u{9B}1m", to: folder / "log")
            #expect(FileTail.lastLines(of: folder / "log", 2) == ["line 9999", "last ?[2J?1m"])
            #expect(FileTail.lastLines(of: folder / "none", 2).isEmpty)
        }
    }

    @Test func nothingThatDrivesATerminalIsPrintable() {
        #expect(
            Console.printable("a\u{1B}]0;x\u{07}\r\n\t\u{7F}\u{85}\u{202E}\u{200B}é漢🐼") == "a?]0;x????????é漢🐼"
        )
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2000 {
            let text = Console.printable(generator.nastyText())
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
            #expect(Console.printable(text) == text)
        }
    }
}
