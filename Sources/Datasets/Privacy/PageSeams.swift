import HostSupport
import Traces

/// Looks for what stands across the border of two pages of a guest's memory.
///
/// In a snapshot there are other bytes between two pages; and what is one text to a program may lie in pages that are far
/// from each other. So neighbours in physical memory are looked at together, and of the longer patterns a beginning at
/// the end of any page and the rest at the beginning of another one.
struct PageSeams {
    private struct Split: Hashable {
        let pattern: Int
        let bytes: Int
    }

    /// The fewest bytes of a pattern that must stand on each side.
    private static let shortestPart = 4
    /// How much of a page's two ends is looked at.
    private static let endBytes = 256

    private let patterns: [SecretPattern]
    private let search: PatternSearch
    private var heads: [UInt32: [Split]] = [:]
    private var tails: [UInt32: [Split]] = [:]

    init(_ patterns: [SecretPattern], search: PatternSearch) {
        self.patterns = patterns
        self.search = search
        for (number, pattern) in patterns.enumerated() where [.plain, .wide].contains(pattern.form) {
            let last = min(pattern.bytes.count, Self.endBytes) - Self.shortestPart
            guard last >= Self.shortestPart else { continue }
            for count in Self.shortestPart...last {
                let split = Split(pattern: number, bytes: count)
                heads[Self.window(pattern.bytes[(count - 4)..<count]), default: []].append(split)
                tails[Self.window(pattern.bytes[count..<count + 4]), default: []].append(split)
            }
        }
    }

    /// Looks at all borders.
    ///
    /// - Parameters:
    ///   - memory: The guest's memory.
    ///   - scan: Is given what is found.
    /// - Throws: `CancellationError`.
    func examine(_ memory: SnapshotMemory, _ scan: inout FileScan) throws {
        var begun: [Split: UInt64] = [:]
        var ended: Set<Split> = []
        let page = UInt64(SnapshotMemory.pageBytes)
        for range in memory.ranges {
            try Task.checkCancellation()
            var before: [UInt8]?
            for address in stride(from: range.lowerBound, to: range.upperBound, by: Int(page)) {
                let first = memory.bytes(Self.endBytes, at: address)
                if let before, let first {
                    examine(before + first, at: address - UInt64(before.count), &scan)
                }
                if let first {
                    for split in tails[Self.window(first.prefix(4))] ?? [] where !ended.contains(split) {
                        let rest = patterns[split.pattern].bytes.dropFirst(split.bytes)
                        if rest.count <= first.count, first.starts(with: rest) { ended.insert(split) }
                    }
                }
                before = memory.bytes(Self.endBytes, at: address + page - UInt64(Self.endBytes))
                guard let last = before else { continue }
                for split in heads[Self.window(last.suffix(4))] ?? [] where begun[split] == nil {
                    let part = patterns[split.pattern].bytes.prefix(split.bytes)
                    if last.suffix(split.bytes).elementsEqual(part) {
                        begun[split] = address + page - UInt64(split.bytes)
                    }
                }
            }
        }
        for (split, address) in begun.sorted(by: { $0.value < $1.value }) where ended.contains(split) {
            let pattern = patterns[split.pattern]
            // Neighbours were told already.
            if scan.isKnown(pattern, at: address, .memory) { continue }
            scan.add(pattern.kind, pattern.subject, at: address, .memory) {
                "in two pages, perhaps far from each other"
            }
        }
    }

    /// Tells what reaches over a border; what lies on one side was found in the file.
    private func examine(_ bytes: [UInt8], at address: UInt64, _ scan: inout FileScan) {
        var found: [(pattern: SecretPattern, place: Int)] = []
        bytes.withUnsafeBytes { bytes in
            search.search(bytes) { number, place in
                let pattern = patterns[number]
                let range = place..<place + pattern.bytes.count
                if [.plain, .wide].contains(pattern.form), range.contains(Self.endBytes),
                    place != Self.endBytes,
                    pattern.isWhole(in: bytes, at: place)
                {
                    found.append((pattern, place))
                }
            }
        }
        for (pattern, place) in found {
            scan.add(pattern.kind, pattern.subject, at: address + UInt64(place), .memory) {
                "across two pages"
            }
        }
    }

    private static func window(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
