public import Foundation
public import RunRecords

extension AddressMap {
    /// A text with every address in it replaced; of a network such as `192.0.2.0/24` the rest stays zero.
    public func anonymised(_ text: String) -> String {
        String(decoding: anonymised(Array(text.utf8)), as: UTF8.self)
    }

    /// JSON, or any other text, with every address in it replaced: addresses need no escapes.
    public func anonymised(_ text: Data) -> Data { Data(anonymised(Array(text))) }

    /// A peer, with his address replaced, and those in his banner and in the names that he tried.
    public func anonymised(_ peer: Peer) -> Peer {
        var other = Peer(
            address: anonymised(peer.address),
            port: peer.port,
            guestPort: peer.guestPort,
            transport: peer.transport,
            isFromGuest: peer.isFromGuest,
            first: peer.first
        )
        other.last = peer.last
        other.received = peer.received
        other.sent = peer.sent
        other.banner = peer.banner.map { anonymised($0) }
        other.users = peer.users.map { anonymised($0) }
        return other
    }

    private func anonymised(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var place = 0
        while place < text.count {
            guard Self.isOfAddress(text[place]) else {
                result.append(text[place])
                place += 1
                continue
            }
            let start = place
            while place < text.count, Self.isOfAddress(text[place]) { place += 1 }
            let isBeginning = start == 0 || !Self.isOfWord(text[start - 1])
            let isEnd = place == text.count || !Self.isOfWord(text[place])
            let word = text[start..<place]
            if isBeginning, isEnd, let replaced = replaced(word) {
                result += mask(replaced, before: text[place...])
            } else {
                result += word
            }
        }
        return result
    }

    /// What a word is replaced by: an address, or one with a port or the end of a sentence behind it.
    private func replaced(_ word: ArraySlice<UInt8>) -> (address: IPAddress, rest: String)? {
        let text = String(decoding: word, as: UTF8.self)
        // The longest that is an address counts: the rest is punctuation, or a port.
        if let address = IPAddress(text) { return (replacement(for: address), "") }
        for end in text.indices.reversed() where text[end] == "." || text[end] == ":" {
            if let address = IPAddress(String(text[..<end])) {
                return (replacement(for: address), String(text[end...]))
            }
        }
        return nil
    }

    private func mask(_ replaced: (address: IPAddress, rest: String), before text: ArraySlice<UInt8>)
        -> [UInt8]
    {
        var bytes = replaced.address.bytes
        let digits = text.dropFirst().prefix(3).prefix { (0x30...0x39).contains($0) }
        if text.first == UInt8(ascii: "/"), replaced.rest.isEmpty,
            let bits = Int(String(decoding: digits, as: UTF8.self)), bits < bytes.count * 8
        {
            for bit in bits..<bytes.count * 8 { bytes[bit / 8] &= ~(0x80 >> UInt8(bit % 8)) }
        }
        return Array(((IPAddress(bytes: bytes) ?? replaced.address).description + replaced.rest).utf8)
    }

    private static func isOfAddress(_ byte: UInt8) -> Bool {
        (0x30...0x3A).contains(byte) || byte == 0x2E || (0x61...0x66).contains(byte)
            || (0x41...0x46).contains(byte)
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
