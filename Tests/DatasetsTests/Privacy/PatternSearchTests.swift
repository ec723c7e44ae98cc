import TestSupport
import Testing

@testable import Datasets

@Suite("Many strings are looked for at once")
struct PatternSearchTests {
    private struct Find: Hashable {
        let pattern: Int
        let place: Int
    }

    private func naive(_ patterns: [[UInt8]], _ bytes: [UInt8]) -> Set<Find> {
        var found: Set<Find> = []
        for (number, pattern) in patterns.enumerated() where pattern.count <= bytes.count {
            for place in 0...(bytes.count - pattern.count)
            where bytes[place..<place + pattern.count].elementsEqual(pattern) {
                found.insert(Find(pattern: number, place: place))
            }
        }
        return found
    }

    @Test("it finds what a search one by one finds, each place once", arguments: 0..<200)
    func property(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // Few letters make many finds, and many that are almost ones.
        let letters = UInt8.random(in: 2...4, using: &random)
        func bytes(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in UInt8.random(in: 0..<letters, using: &random) }
        }
        let shortest = Int.random(in: 4...9, using: &random)
        let patterns = (0..<Int.random(in: 1...12, using: &random)).map { _ in
            bytes(Int.random(in: shortest...14, using: &random))
        }
        let text = bytes(Int.random(in: 0...400, using: &random))
        let search = PatternSearch(patterns)
        var found: [Find] = []
        text.withUnsafeBytes { search.search($0) { found.append(Find(pattern: $0, place: $1)) } }
        #expect(Set(found) == naive(patterns, text), "seed \(seed)")
        #expect(Set(found).count == found.count)
    }

    @Test("a search for nothing finds nothing")
    func nothing() {
        [UInt8](repeating: 0, count: 64).withUnsafeBytes { bytes in
            PatternSearch([]).search(bytes) { _, _ in Issue.record("found something") }
        }
    }
}
