import Glibc

extension SnapshotMemory {
    /// Looks for some bytes in the guest's physical memory, across the borders of pages, too.
    ///
    /// - Parameters:
    ///   - bytes: What to look for, at most ``longestSearch`` bytes; nothing is found of none.
    ///   - limit: The most places to return.
    /// - Returns: Physical addresses, rising.
    public func addresses(of bytes: [UInt8], limit: Int = .max) -> [UInt64] {
        guard (1...Self.longestSearch).contains(bytes.count), limit > 0 else { return [] }
        return storage.withView { view in search(view, bytes, limit) }
    }

    private func search(_ view: ByteView, _ wanted: [UInt8], _ limit: Int) -> [UInt64] {
        var found: [UInt64] = []
        /// The end of the page before, which a match may begin in.
        var carry: [UInt8] = []
        let overlap = wanted.count - 1
        let isUniform = wanted.allSatisfy { $0 == wanted[0] }
        for (number, page) in pages.enumerated() {
            let start = number * Self.pageBytes
            // Above 4 GiB a new piece begins.
            if UInt64(start) == layout.bytesBelow4GiB { carry = [] }
            var filled: [UInt8] = []
            let contents: UnsafeRawBufferPointer?
            var isSearched = true
            switch page.contents(view) {
            case .absent: contents = nil
            case .stored(let bytes): contents = bytes
            case .filled(let byte):
                filled = [UInt8](repeating: byte, count: Self.pageBytes)
                contents = nil
                isSearched = isUniform && byte == wanted[0]
            }
            guard contents != nil || !filled.isEmpty else {
                carry = []
                continue
            }
            let isFull = filled.withUnsafeBytes { filled in
                let bytes = contents ?? filled
                if !carry.isEmpty {
                    let border = carry + bytes.prefix(overlap)
                    let offset = start - carry.count
                    let isFull = border.withUnsafeBytes { append(wanted, in: $0, at: offset, &found, limit) }
                    if isFull { return true }
                }
                if isSearched, append(wanted, in: bytes, at: start, &found, limit) { return true }
                carry = Array(bytes.suffix(overlap))
                return false
            }
            if isFull { break }
        }
        return found
    }

    /// The place in some bytes of the one that is seldom in memory: zeros and small letters are everywhere.
    private static func rarest(_ wanted: [UInt8]) -> Int {
        func commonness(_ byte: UInt8) -> Int {
            switch byte {
            case 0x00, 0xff: 3
            case 0x61...0x7a, 0x20: 2
            case 0x01...0x1f, 0x30...0x39: 1
            default: 0
            }
        }
        return wanted.indices.min { commonness(wanted[$0]) < commonness(wanted[$1]) } ?? 0
    }

    /// Appends the places of `wanted` in some bytes of the block.
    ///
    /// - Returns: Whether there are as many as may be.
    private func append(
        _ wanted: [UInt8],
        in bytes: UnsafeRawBufferPointer,
        at offset: Int,
        _ found: inout [UInt64],
        _ limit: Int
    ) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        let rarest = Self.rarest(wanted)
        var place = 0
        // The C library finds a byte many times faster than a loop of an unoptimised build.
        while place <= bytes.count - wanted.count,
            let hit = memchr(
                base + place + rarest,
                Int32(wanted[rarest]),
                bytes.count - wanted.count - place + 1
            )
        {
            place = base.distance(to: UnsafeRawPointer(hit)) - rarest
            if memcmp(base + place, wanted, wanted.count) == 0 {
                found.append(layout.address(of: offset + place))
                if found.count == limit { return true }
            }
            place += 1
        }
        return false
    }
}
