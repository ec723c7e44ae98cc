/// Changes, cuts, doubles or inserts a few bytes.
func mutate(_ original: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    let interesting: [UInt8] = [0x00, 0x01, 0x06, 0x07, 0x0a, 0x0b, 0x7e, 0x7f, 0x80, 0xff]
    var bytes = original
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1, 2: bytes[place] = interesting.randomElement(using: &random) ?? 0
        case 3: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 4: bytes.removeSubrange(place...)
        case 5: bytes.removeSubrange(place..<min(bytes.count, place + 8))
        case 6: bytes.insert(contentsOf: bytes.prefix(place).suffix(16), at: place)
        default:
            for offset in place..<min(bytes.count, place + 8) { bytes[offset] = 0xff }
        }
    }
    return bytes
}
