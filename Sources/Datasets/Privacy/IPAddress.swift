import Glibc

/// An address of version 4 or 6 of the Internet Protocol.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// Its bytes as packets have them: 4 or 16.
    public let bytes: [UInt8]

    /// Takes 4 or 16 bytes; nothing where there are more or fewer.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = Array(bytes)
    }

    /// Reads a text such as `203.0.113.7` or `2001:db8::7`; nothing where it is no address.
    public init?(_ text: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.bytes = Array(bytes.prefix(4))
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.bytes = bytes
        } else {
            return nil
        }
    }

    /// Whether it is of version 4.
    public var isVersion4: Bool { bytes.count == 4 }

    /// How many bits it has.
    public var bitCount: Int { bytes.count * 8 }

    /// The address as text, that of version 6 as RFC 5952 wants it.
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(isVersion4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether its first bits are those of a range such as `10.0.2.0/24`.
    func isIn(_ range: AddressRange) -> Bool {
        range.address.bytes.count == bytes.count && range.address.hasSamePrefix(as: self, bits: range.bits)
    }

    /// Whether the first bits of two addresses are the same.
    func hasSamePrefix(as other: IPAddress, bits: Int) -> Bool {
        let whole = bits / 8
        guard bytes.prefix(whole) == other.bytes.prefix(whole) else { return false }
        let rest = bits % 8
        return rest == 0 || (bytes[whole] ^ other.bytes[whole]) >> UInt8(8 - rest) == 0
    }

    /// A bit, counted from the first.
    func bit(_ number: Int) -> UInt8 { bytes[number / 8] >> UInt8(7 - number % 8) & 1 }
}

/// All addresses that begin with the same bits.
struct AddressRange: Sendable, Hashable {
    let address: IPAddress
    let bits: Int

    /// Reads a text such as `10.0.2.0/24`.
    init?(_ text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let address = IPAddress(String(parts[0])), let bits = Int(parts[1]),
            (0...address.bitCount).contains(bits)
        else { return nil }
        self.address = address
        self.bits = bits
    }
}
