import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite struct NameTests {
    @Test func aMadeUpNameSaysWhenAndWhatAndSortsByTime() {
        let times = [0, 999_999_999, 1_700_000_000, 1_700_000_001, 4_000_000_000]
        let names = times.map {
            RunID(label: "tiny/../x", at: Date(timeIntervalSince1970: Double($0))).description
        }
        #expect(names == names.sorted())
        #expect(names.allSatisfy { $0 == safeFileName($0) })
        #expect(names[2].wholeMatch(of: /20231114T221320Z-tiny_\.\._x-[0-9a-f]{4}/) != nil, "\(names[2])")
    }

    @Test func madeUpNamesOfOneSecondDiffer() {
        let now = Date()
        #expect(Set((0..<100).map { _ in RunID(label: "tiny", at: now).description }).count > 90)
    }

    @Test func aChosenNameIsTakenAsItIsOrRefused() throws {
        let long = String(repeating: "x", count: 100)
        for name in ["a", "_", "Run.1-b_C", "0", long] { #expect(try RunID(named: name).description == name) }
        for name in [
            "", ".", "..", "-x", ".x", "a/b", "../a", "a b", "é", "a\n", "a\0", long + "x", "a\u{301}",
        ] {
            let failure = #expect(throws: Failure.self) { try RunID(named: name) }
            #expect(failure?.code == .usage)
        }
    }

    @Test(arguments: [
        ("", "_"), (".", "_"), ("..", "_."), ("../../etc/passwd", "_._.._etc_passwd"), ("-rf", "_rf"),
        ("a b", "a_b"),
        ("é", "_"), ("e\u{301}", "e_"), ("a\0b", "a_b"), ("A.b-C_9", "A.b-C_9"),
    ])
    func namesFromElsewhereAreReduced(_ name: String, _ safe: String) {
        #expect(safeFileName(name) == safe)
    }

    @Test func aReducedNameIsAlwaysFitForAFile() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<3000 {
            let name = generator.nastyText() + generator.nastyText() + generator.nastyText()
            let safe = safeFileName(name)
            #expect(
                safe.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._-]{0,99}/) != nil,
                "\(safe.debugDescription)"
            )
            #expect(safeFileName(safe) == safe)
        }
    }

    @Test func anIDFromARecordIsOneThatAFolderCanHave() throws {
        let label = String(repeating: "x", count: 120)
        for id in [RunID(label: label), RunID(label: "tiny")] {
            let data = try JSONText.encode([id])
            #expect(try JSONText.decode([RunID].self, from: data, source: "a test") == [id])
        }
        for name in ["", ".", "..", "../x", "a/b", "-x", "a\u{1b}[2J", String(repeating: "x", count: 201)] {
            let data = try JSONText.encode([name])
            #expect(throws: Failure.self) { try JSONText.decode([RunID].self, from: data, source: "a test") }
        }
    }
}
