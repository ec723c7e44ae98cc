import Foundation
import Glibc
import HostSupport
import TestSupport
import Testing

@testable import TraceArchives

/// Archives damaged at random: whatever is believed of them must be what was packed.
@Suite("Damage at random") struct MutationTests {
    private static let interesting: [UInt8] = [
        0x00, 0x01, 0x1f, 0x20, 0x2e, 0x2f, 0x30, 0x37, 0x7f, 0x80, 0x8b, 0xff,
    ]

    /// Changes, cuts, doubles or inserts a few bytes.
    private func mutate(_ original: [UInt8], _ random: inout SeededGenerator, in range: Range<Int>? = nil)
        -> [UInt8]
    {
        var bytes = original
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
            let range = range?.clamped(to: 0..<bytes.count) ?? 0..<bytes.count
            guard !range.isEmpty else { continue }
            let place = Int.random(in: range, using: &random)
            switch Int.random(in: 0..<9, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1, 2: bytes[place] = Self.interesting.randomElement(using: &random) ?? 0
            case 3: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 4: bytes.removeSubrange(place...)
            case 5: bytes.removeSubrange(place..<min(bytes.count, place + 8))
            case 6: bytes.insert(contentsOf: bytes.prefix(place).suffix(16), at: place)
            case 7:
                // A block of the tar, twice or not at all.
                let start = place / 512 * 512
                let block = Array(bytes[start..<min(bytes.count, start + 512)])
                if Bool.random(using: &random) {
                    bytes.insert(contentsOf: block, at: start)
                } else {
                    bytes.removeSubrange(start..<start + block.count)
                }
            default: for offset in place..<min(bytes.count, place + 8) { bytes[offset] = 0xff }
            }
        }
        return bytes
    }

    /// Corrects the checksum of each block that may be a header, so that damage gets past it.
    private func repair(_ tar: [UInt8]) -> [UInt8] {
        var tar = tar
        for start in stride(from: 0, to: max(0, tar.count - 511), by: 512)
        where tar[start + 257..<start + 262].elementsEqual("ustar".utf8) {
            let sum = (0..<512).reduce(0) { $0 + ((148..<156) ~= $1 ? 32 : Int(tar[start + $1])) }
            let text = String(sum, radix: 8)
            let digits = String(repeating: "0", count: 6 - text.utf8.count) + text
            tar.replaceSubrange(start + 148..<start + 156, with: Array(digits.utf8) + [0, 0x20])
        }
        return tar
    }

    private struct Round {
        let bytes: [UInt8]
        /// Whether nothing in the archive protects what is in it.
        var isUnprotected = false
    }

    /// Examines archives, and lets every tenth be unpacked, too.
    private func run(_ rounds: Int, seed: UInt64, _ make: (Int, inout SeededGenerator) throws -> Round)
        async throws
    {
        let expected = try SampleRecording().files
        var random = SeededGenerator(seed: seed)
        var believed = 0
        let limits = ArchiveLimits(unpackedBytes: 16 << 20)
        try await withScratch { folder in
            let inside = folder / "in/side"
            try FileSystem.createDirectory(inside)
            for number in 0..<rounds {
                let round = try make(number, &random)
                var found: ArchiveContents?
                do {
                    if number % 10 == 0 {
                        let path = folder / "x"
                        try Data(round.bytes).write(to: URL(fileURLWithPath: path.string))
                        found = try TraceArchive(path, limits: limits)?
                            .unpack(into: inside, as: "good", limits: limits).contents
                    } else {
                        found = try TraceArchive.examine(bytes: round.bytes, limits: limits)
                    }
                } catch let error as TraceArchiveError {
                    if "\(error)" != Console.printable("\(error)") {
                        Issue.record("round \(number): \(error)")
                    }
                }
                if let found {
                    believed += 1
                    let isSame = found.snapshot == expected.snapshot && found.log == expected.log
                    // Damage to the digests themselves is told.
                    let isProtected = !found.warnings.contains { warning in
                        ["digest", "nothing says", "SHA-256", "JSON"].contains { warning.contains($0) }
                    }
                    if !isSame, !round.isUnprotected, isProtected {
                        Issue.record("round \(number): other files are believed: \(found)")
                    }
                }
                if number % 10 == 0 {
                    let isClean =
                        FileSystem.list(folder) == ["in", "x"] && FileSystem.list(folder / "in") == ["side"]
                    let names = FileSystem.list(inside)
                    if !isClean || names != (found == nil ? [] : ["good-rr-nondet.log", "good-rr-snp"]) {
                        Issue.record("round \(number): the folder has \(names)")
                    }
                    for name in names { try FileSystem.remove(inside / name) }
                }
            }
        }
        // Damage that nobody minds, such as to a time, must occur, or the tests say nothing of what is believed.
        #expect(believed > 0 && believed < rounds)
    }

    private static var peakBytes: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss << 10
    }

    @Test("rr2: in the tar, and in what is compressed")
    func rr2() async throws {
        let tar = try SampleArchives().rr2()
        let packed = try gzipped(tar)
        let before = Self.peakBytes
        try await run(8000, seed: 1) { number, random in
            let bytes = mutate(tar, &random)
            return Round(bytes: number % 2 == 0 ? repair(bytes) : bytes)
        }
        try await run(5000, seed: 2) { _, random in Round(bytes: mutate(packed, &random)) }
        #expect(Self.peakBytes - before < 300 << 20)
    }

    @Test("RRArchives: in the tar, and in what is compressed")
    func rrarchive() async throws {
        let tar = try SampleArchives().rrarchive()
        let packed = try gzipped(tar)
        try await run(8000, seed: 3) { number, random in
            let bytes = mutate(tar, &random)
            return Round(bytes: number % 2 == 0 ? repair(bytes) : bytes)
        }
        try await run(5000, seed: 4) { _, random in Round(bytes: mutate(packed, &random)) }
    }

    @Test("rr: in the tar behind a digest that is right, and anywhere")
    func rr() async throws {
        let tar = try SampleArchives().rr()
        let packed = xzed(tar)
        let file = try rrFile(packed, instructions: 4711)
        // Who makes the digest anew can put anything behind it.
        try await run(5000, seed: 5) { number, random in
            let bytes = mutate(tar, &random)
            let inner = xzed(number % 2 == 0 ? repair(bytes) : bytes)
            return Round(bytes: try rrFile(inner, instructions: 4711), isUnprotected: true)
        }
        try await run(3000, seed: 6) { _, random in
            Round(bytes: try rrFile(mutate(packed, &random), instructions: 4711), isUnprotected: true)
        }
        try await run(5000, seed: 7) { number, random in
            // Now and then the damage is to the mark only, and the file is no archive at all.
            Round(bytes: mutate(file, &random, in: number % 3 == 0 ? 0..<40 : nil))
        }
    }

    @Test("noise")
    func noise() throws {
        var random = SeededGenerator(seed: 8)
        for number in 0..<3000 {
            let count = Int.random(in: 0..<2000, using: &random)
            let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let start: [UInt8] = [[], [0x1f, 0x8b, 8, 0], Array("PANDA_RR".utf8)][number % 3]
            #expect(throws: (any Error).self) {
                guard try TraceArchive.examine(bytes: start + noise) == nil else { return }
                throw CancellationError()
            }
        }
    }
}
