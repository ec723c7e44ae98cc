import Foundation
import HostSupport

/// The names and addresses that a kernel keeps of itself (`/proc/kallsyms`), out of its file.
///
/// Source of the format: `scripts/kallsyms.c` and `kernel/kallsyms.c` of Linux. Up to 6.3 the tables are in the
/// order offsets, base, number, names, markers, (6.2 and 6.3: order of names,) tokens, index of tokens; from 6.4
/// on the offsets, the base and the order of names come last.
struct KernelSymbols: Sendable {
    /// A name and the address that the linker gave it.
    struct Symbol: Sendable, Hashable {
        let name: String
        let address: UInt64
    }

    private let data: Data
    /// Where the text of each of the 256 tokens lies.
    private let tokens: [Range<Int>]
    /// The first byte of the names.
    private let names: Int
    /// How many names there are.
    let count: Int
    private let offsets: Int
    private let base: UInt64
    /// Whether a negative offset is one from the base, and any other an address that does not move.
    private let hasAbsoluteAddresses: Bool

    private static let pointerBytes = 8
    /// The most bytes that one name takes: 512 characters, and its length.
    private static let longestName = 514
    /// How far before the tokens the other tables are looked for, in bytes.
    private static let window = 16 << 20

    /// Finds the tables.
    ///
    /// - Parameter data: A 64-bit `vmlinux`.
    /// - Throws: ``HostSupport/Failure`` with `bad-data`, naming the table that was not found.
    init(_ data: Data) throws {
        self.data = data
        (tokens, names, count, offsets, base, hasAbsoluteAddresses) = try data.withKernelBytes { bytes in
            let tokens = try Self.tokens(bytes)
            let (names, count) = try Self.names(bytes, before: tokens.start)
            let (offsets, base, isMixed) = try Self.offsets(
                bytes,
                number: names - Self.pointerBytes,
                count: count,
                behind: tokens.end
            )
            return (tokens.texts, names, count, offsets, base, isMixed)
        }
    }

    /// The symbols whose names begin with one of some texts, in the order of the tables, which is that of addresses.
    ///
    /// - Parameter prefixes: The beginnings.
    /// - Returns: The symbols.
    func symbols(beginningWith prefixes: [String]) -> [Symbol] {
        let wanted = prefixes.map { Array($0.utf8) }
        var isFirst = [Bool](repeating: false, count: 256)
        for prefix in wanted { prefix.first.map { isFirst[Int($0)] = true } }
        return data.withKernelBytes { bytes in
            var found: [Symbol] = []
            forEachName(bytes) { index, first, name in
                // Most names are done with at their first letter.
                guard isFirst[Int(first)] else { return }
                let text = name()
                guard wanted.contains(where: { text.starts(with: $0) }), let address = address(index, bytes)
                else { return }
                found.append(Symbol(name: String(decoding: text, as: UTF8.self), address: address))
            }
            return found
        }
    }

    /// Gives each name's number, first letter, and what makes its text.
    private func forEachName(_ bytes: KernelBytes, _ body: (Int, UInt8, () -> [UInt8]) -> Void) {
        var place = names
        // The first two letters of each token: a name's first one is the symbol's type.
        let starts = tokens.map { token in (bytes.byte(token.lowerBound) ?? 0, token.count) }
        for index in 0..<count {
            guard let (start, length) = Self.name(at: place, bytes), let first = bytes.byte(start) else {
                return
            }
            place = start + length
            let token = tokens[Int(first)]
            var letter: UInt8?
            if starts[Int(first)].1 > 1 {
                letter = bytes.byte(token.lowerBound + 1)
            } else if length > 1, let second = bytes.byte(start + 1) {
                letter = starts[Int(second)].0
            }
            guard let letter else { continue }
            body(index, letter) {
                var text: [UInt8] = []
                for token in bytes.slice(start, length) ?? UnsafeRawBufferPointer(start: nil, count: 0) {
                    let range = tokens[Int(token)]
                    if let part = bytes.slice(range.lowerBound, range.count) { text.append(contentsOf: part) }
                }
                return Array(text.dropFirst())
            }
        }
    }

    /// The first byte and the length of a compressed name whose length lies at `place`.
    private static func name(at place: Int, _ bytes: KernelBytes) -> (start: Int, length: Int)? {
        guard let low = bytes.byte(place) else { return nil }
        if low & 0x80 == 0 {
            return low == 0 || bytes.slice(place + 1, Int(low)) == nil ? nil : (place + 1, Int(low))
        }
        // Names of 128 characters and more, from 6.1 on.
        guard let high = bytes.byte(place + 1), high & 0x80 == 0 else { return nil }
        let length = Int(low & 0x7f) | Int(high) << 7
        return bytes.slice(place + 2, length) == nil ? nil : (place + 2, length)
    }

    private func address(_ index: Int, _ bytes: KernelBytes) -> UInt64? {
        guard let word = bytes.uint32(offsets + 4 * index) else { return nil }
        guard hasAbsoluteAddresses else { return base &+ UInt64(word) }
        let offset = Int32(bitPattern: word)
        return offset >= 0 ? UInt64(offset) : base &- 1 &+ UInt64(-Int64(offset))
    }

    /// The table of 256 texts, which has the digits at their own places, and the index of it right behind.
    private static func tokens(
        _ bytes: KernelBytes
    ) throws -> (start: Int, end: Int, texts: [Range<Int>]) {
        let digits = Array("0\u{0}1\u{0}2\u{0}3\u{0}4\u{0}5\u{0}6\u{0}7\u{0}8\u{0}9\u{0}".utf8)
        var place = 0
        while let found = bytes.find(digits, from: place) {
            place = found + 1
            if let table = tokens(bytes, digits: found) { return table }
        }
        throw missing("table of tokens")
    }

    private static func tokens(
        _ bytes: KernelBytes,
        digits: Int
    ) -> (start: Int, end: Int, texts: [Range<Int>])? {
        var end = digits - 1
        guard end > 0, bytes.byte(end) == 0 else { return nil }
        for _ in 0..<Int(UInt8(ascii: "0")) {
            guard let before = bytes.lastNUL(before: end), end - before <= longestName else { return nil }
            end = before
        }
        let start = end + 1
        var texts: [Range<Int>] = []
        var place = start
        for _ in 0..<256 {
            guard let length = bytes.text(place, limit: longestName)?.utf8.count else { return nil }
            texts.append(place..<place + length)
            place += length + 1
        }
        for index in place..<place + 16
        where texts.enumerated().allSatisfy({
            bytes.uint16(index + 2 * $0.offset).map(Int.init) == $0.element.lowerBound - start
        }) {
            return (start, index + 512, texts)
        }
        return nil
    }

    /// The compressed names, found by the table that has the place of each 256th.
    private static func names(_ bytes: KernelBytes, before end: Int) throws -> (start: Int, count: Int) {
        var start = end & ~3
        let lowest = max(0, start - window)
        // The place behind the words that were looked at as a part of a table already.
        var limit = start
        while start - 4 >= lowest {
            start -= 4
            guard bytes.uint32(start) == 0 else { continue }
            let markers = markers(bytes, start, limit)
            limit = start
            if markers.count >= 4, let names = names(bytes, markers, at: start) { return names }
        }
        throw missing("names")
    }

    /// The words from a zero on that rise as the places of names do.
    private static func markers(_ bytes: KernelBytes, _ start: Int, _ limit: Int) -> [Int] {
        var markers = [0]
        var place = start + 4
        var last = 0
        while place < limit, let word = bytes.uint32(place).map(Int.init), word - last >= 256,
            word - last <= 256 * longestName
        {
            markers.append(word)
            last = word
            place += 4
        }
        return markers
    }

    private static func names(
        _ bytes: KernelBytes,
        _ markers: [Int],
        at table: Int
    ) -> (start: Int, count: Int)? {
        guard let last = markers.last else { return nil }
        // The number of names comes before them, in a word that is aligned as a pointer is.
        var start = (table - last) & ~3
        let lowest = max(pointerBytes, start - 256 * longestName)
        while start >= lowest {
            defer { start -= 4 }
            guard let count = bytes.uint32(start - pointerBytes).map(Int.init),
                (count + 255) / 256 == markers.count
            else { continue }
            var place = start
            var isRight = true
            for index in 0..<min(count, 768) {
                if index % 256 == 0, place - start != markers[index / 256] { isRight = false }
                guard isRight, let (next, length) = name(at: place, bytes) else {
                    isRight = false
                    break
                }
                place = next + length
            }
            if isRight { return (start, count) }
        }
        return nil
    }

    /// The offsets of the symbols and their base, at the places where the two layouts have them.
    private static func offsets(
        _ bytes: KernelBytes,
        number: Int,
        count: Int,
        behind tokens: Int
    ) throws -> (offsets: Int, base: UInt64, isMixed: Bool) {
        func aligned(_ value: Int) -> Int { (value + pointerBytes - 1) & ~(pointerBytes - 1) }
        let length = aligned(4 * count)
        let places = [
            (number - pointerBytes - length, number - pointerBytes),
            (aligned(tokens), aligned(tokens) + length),
        ]
        for (offsets, place) in places {
            guard let base = bytes.uint64(place), base >= 0xffff_ffff_8000_0000,
                bytes.slice(offsets, 4 * count) != nil
            else { continue }
            let negative = (0..<min(count, 4096)).count { index in
                (bytes.uint32(offsets + 4 * (index * count / min(count, 4096))) ?? 0) >> 31 == 1
            }
            return (offsets, base, negative > min(count, 4096) / 2)
        }
        throw missing("offsets")
    }

    private static func missing(_ table: String) -> Failure {
        Failure(
            .badData,
            "the kernel's symbols cannot be read: their \(table) is not where kernels from 5.10 to 6.12 have it"
        )
    }
}
