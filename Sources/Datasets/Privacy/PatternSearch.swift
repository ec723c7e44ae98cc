import Glibc

/// A search for many byte strings at once, at the speed of memory where they are rare.
///
/// Four bytes of every string, at one of `stride` neighbouring places in it, stand at a multiple of `stride` wherever the
/// string is. So only every `stride`-th place is looked at, whether the four bytes there are of any string at all: one bit
/// of a table that fits the processor's nearest cache tells that.
struct PatternSearch: Sendable {
    private struct Entry {
        let pattern: Int
        let offset: Int
        let next: Int
    }

    /// The fewest bytes that a string may have.
    static let shortest = 4
    private static let windowBytes = 4

    let patterns: [[UInt8]]
    /// The length of the longest string.
    let longest: Int
    private let stride: Int
    private var filter = [UInt64](repeating: 0, count: 1024)
    private var heads = [Int32](repeating: -1, count: 1 << 16)
    private var entries: [Entry] = []

    /// Prepares a search.
    ///
    /// - Parameter patterns: The strings; each has ``shortest`` bytes at least.
    init(_ patterns: [[UInt8]]) {
        precondition(patterns.allSatisfy { $0.count >= Self.shortest }, "a string is too short to look for")
        self.patterns = patterns
        longest = patterns.map(\.count).max() ?? 0
        let slack = (patterns.map(\.count).min() ?? Self.shortest) - Self.windowBytes + 1
        stride = slack >= 4 ? 4 : slack >= 2 ? 2 : 1
        for (number, pattern) in patterns.enumerated() {
            let first = Self.rarest(pattern, windows: stride)
            for offset in first..<first + stride {
                let hash = pattern.withUnsafeBytes {
                    Self.hash($0.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
                }
                filter[hash >> 6] |= 1 << UInt64(hash & 63)
                entries.append(Entry(pattern: number, offset: offset, next: Int(heads[hash])))
                heads[hash] = Int32(entries.count - 1)
            }
        }
    }

    /// Finds every place of every string that lies whole within some bytes.
    ///
    /// - Parameters:
    ///   - bytes: Where to look.
    ///   - found: Is given the string's number and the place of its first byte; in no certain order.
    func search(_ bytes: UnsafeRawBufferPointer, found: (_ pattern: Int, _ place: Int) -> Void) {
        guard let base = bytes.baseAddress, !patterns.isEmpty else { return }
        let end = bytes.count - Self.windowBytes
        let stride = stride
        filter.withUnsafeBufferPointer { filter in
            guard let bits = filter.baseAddress else { return }
            var place = 0
            // Four at a time: whether one of them may be something is asked once.
            while place + 3 * stride <= end {
                let hits =
                    Self.bit(bits, base, place) | Self.bit(bits, base, place + stride)
                    | Self.bit(bits, base, place + 2 * stride) | Self.bit(bits, base, place + 3 * stride)
                if hits & 1 != 0 {
                    for step in 0..<4 { compare(bytes, base, place + step * stride, found) }
                }
                place += 4 * stride
            }
            while place <= end {
                if Self.bit(bits, base, place) & 1 != 0 { compare(bytes, base, place, found) }
                place += stride
            }
        }
    }

    private func compare(
        _ bytes: UnsafeRawBufferPointer,
        _ base: UnsafeRawPointer,
        _ place: Int,
        _ found: (_ pattern: Int, _ place: Int) -> Void
    ) {
        var next = Int(heads[Self.hash(base.loadUnaligned(fromByteOffset: place, as: UInt32.self))])
        while next >= 0 {
            let entry = entries[next]
            let start = place - entry.offset
            let pattern = patterns[entry.pattern]
            if start >= 0, start + pattern.count <= bytes.count,
                memcmp(base + start, pattern, pattern.count) == 0
            {
                found(entry.pattern, start)
            }
            next = entry.next
        }
    }

    @inline(__always)
    private static func bit(_ bits: UnsafePointer<UInt64>, _ base: UnsafeRawPointer, _ place: Int) -> UInt64 {
        let hash = hash(base.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        return bits[hash >> 6] >> UInt64(hash & 63)
    }

    @inline(__always)
    private static func hash(_ window: UInt32) -> Int { Int((window &* 0x9E37_79B1) >> 16) }

    /// The place from which on the windows of a string are least like what is everywhere: zeros, dashes, digits.
    private static func rarest(_ pattern: [UInt8], windows: Int) -> Int {
        func commonness(_ byte: UInt8) -> Int {
            switch byte {
            case 0x00, 0xFF: 8
            case UInt8(ascii: "-"), UInt8(ascii: " "), UInt8(ascii: "/"): 4
            case 0x01...0x1F: 3
            case 0x30...0x39, UInt8(ascii: "."): 2
            case 0x61...0x7A: 1
            default: 0
            }
        }
        let length = windowBytes + windows - 1
        let places = 0...(pattern.count - length)
        func score(_ place: Int) -> Int { pattern[place..<place + length].reduce(0) { $0 + commonness($1) } }
        return places.min { score($0) < score($1) } ?? 0
    }
}
