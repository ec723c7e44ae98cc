import Foundation

/// The tables of a made-up kernel's symbols.
struct SymbolTableBuilder {
    enum Layout: CaseIterable {
        case original
        /// With the order of names between markers and tokens.
        case withOrder
        case offsetsLast
    }

    var layout = Layout.original
    /// Whether addresses that do not move are kept beside those that do.
    var hasAbsoluteAddresses = true
    var symbols: [(name: String, address: UInt64)] = []

    /// Texts that stand for more than one character.
    private static let tokens = ["init_", "task", "Dzfiller_", "_end", "Dcur", "switch", "D"]

    private var table: [String] {
        (0..<256).map { number in
            if (0x21...0x7e).contains(number) { return String(UnicodeScalar(UInt8(number))) }
            let token = number - 0x80
            return Self.tokens.indices.contains(token) ? Self.tokens[token] : ""
        }
    }

    private func compressed(_ name: String) -> [UInt8] {
        let text = Array(name.utf8)
        var bytes: [UInt8] = []
        var place = 0
        while place < text.count {
            let token = Self.tokens.firstIndex { token in
                token.utf8.first == text[place] && text[place...].starts(with: token.utf8)
            }
            bytes.append(token.map { UInt8(0x80 + $0) } ?? text[place])
            place += token.map { Self.tokens[$0].utf8.count } ?? 1
        }
        return bytes
    }

    private var base: UInt64 { symbols.map(\.address).filter { $0 >> 63 == 1 }.min() ?? 0 }

    private func addOffsets(_ out: inout LittleEndianBytes) {
        let base = base
        for (_, address) in symbols {
            if !hasAbsoluteAddresses {
                out.add(UInt32(truncatingIfNeeded: address &- base))
            } else if address < base {
                out.add(UInt32(address))
            } else {
                out.add(Int32(-1 - Int64(address - base)))
            }
        }
        out.align(to: 8)
        out.add(base)
    }

    /// The tables; what they begin with must be at a multiple of eight bytes.
    var data: Data {
        var out = LittleEndianBytes()
        if layout != .offsetsLast { addOffsets(&out) }
        out.add(UInt32(symbols.count))
        out.align(to: 8)
        var names = LittleEndianBytes()
        var markers: [UInt32] = []
        for (index, symbol) in symbols.enumerated() {
            if index % 256 == 0 { markers.append(UInt32(names.count)) }
            let text = compressed("D" + symbol.name)
            if text.count > 127 {
                names.add(UInt8(text.count & 0x7f | 0x80))
                names.add(UInt8(text.count >> 7))
            } else {
                names.add(UInt8(text.count))
            }
            names.add(Data(text))
        }
        out.add(names.data)
        out.align(to: 8)
        for marker in markers { out.add(marker) }
        out.align(to: 8)
        if layout == .withOrder {
            for index in symbols.indices {
                out.add(Data([0, UInt8(index >> 8 & 0xff), UInt8(index & 0xff)]))
            }
            out.align(to: 8)
        }
        var places: [UInt16] = []
        let start = out.count
        for token in table {
            places.append(UInt16(out.count - start))
            out.add(text: token)
        }
        out.align(to: 8)
        for place in places { out.add(place) }
        out.align(to: 8)
        if layout == .offsetsLast { addOffsets(&out) }
        return out.data
    }
}
