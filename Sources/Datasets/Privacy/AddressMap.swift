import Foundation
import Glibc
import HostSupport
import Synchronization

/// Replaces addresses so that nobody without the key learns them, and networks stay recognisable: two addresses that
/// begin with the same bits become two that begin with as many.
///
/// The construction is Crypto-PAn's (J. Xu et al., Prefix-Preserving IP Address Anonymization, 2002) with HMAC-SHA256 as
/// its pseudo-random function. Bit n of an address is flipped where the first bit of
/// `HMAC(key, "pandacap address map 1" 0x00 V n P)` is 1: V is the version, 4 or 6, in one byte, n counts from 0 in one
/// byte, and P is the address with all bits from n on cleared, in 4 or 16 bytes.
///
/// Reserved ranges stay as they are: "this network", loopback, link-local, multicast and broadcast, and the network that
/// QEMU makes for a guest (10.0.2.0/24 and fec0::/64). No bit is flipped whose beginning leads to one of them, so that
/// none of the others becomes one: the map is one to one. An address of version 4 within one of version 6
/// (::ffff:0:0/96) is replaced as one of version 4.
public final class AddressMap: Sendable {
    /// How many addresses are remembered, so that a scan of a whole network does not fill the memory.
    private static let mostRemembered = 1 << 18
    /// A key's bytes.
    static let keyBytes = 32

    static let reserved = [
        "0.0.0.0/8", "10.0.2.0/24", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "fe80::/10", "fec0::/64", "ff00::/8",
    ].compactMap(AddressRange.init)
    private static let embedded = AddressRange("::ffff:0:0/96")
    private static let domain = Array("pandacap address map 1\0".utf8)

    private let key: [UInt8]
    private let known = Mutex<[IPAddress: IPAddress]>([:])

    /// Makes the map of a key.
    ///
    /// - Parameter key: 32 bytes that nobody else knows.
    /// - Throws: ``HostSupport/Failure`` with `usage` where there are more or fewer.
    public init(key: [UInt8]) throws {
        guard key.count == Self.keyBytes else {
            throw Failure(.usage, "a key for addresses has \(Self.keyBytes) bytes, not \(key.count)")
        }
        self.key = key
    }

    /// Tells one key from another, and nothing else of it: 16 hexadecimal digits.
    public var fingerprint: String {
        hexadecimal(
            RunningDigest.code(of: Array("pandacap address map fingerprint".utf8), key: key).prefix(8)
        )
    }

    /// What an address is replaced by.
    public func replacement(for address: IPAddress) -> IPAddress {
        if let known = known.withLock({ $0[address] }) { return known }
        let replacement = compute(address)
        known.withLock { known in
            if known.count >= Self.mostRemembered { known = [:] }
            known[address] = replacement
        }
        return replacement
    }

    private func compute(_ address: IPAddress) -> IPAddress {
        if Self.reserved.contains(where: { address.isIn($0) }) { return address }
        if let embedded = Self.embedded, address.isIn(embedded),
            let inner = IPAddress(bytes: address.bytes.suffix(4)),
            let whole = IPAddress(bytes: address.bytes.prefix(12) + compute(inner).bytes)
        {
            return whole
        }
        let ranges = (Self.reserved + [Self.embedded].compactMap { $0 })
            .filter { $0.address.isVersion4 == address.isVersion4 }
        var result = address.bytes
        var message = Self.domain + [address.isVersion4 ? 4 : 6, 0]
        let head = message.count
        message += [UInt8](repeating: 0, count: address.bytes.count)
        for bit in 0..<address.bitCount {
            let mask = 0x80 >> UInt8(bit % 8)
            let isFixed = ranges.contains {
                $0.bits > bit && $0.address.hasSamePrefix(as: address, bits: bit)
            }
            if !isFixed {
                message[head - 1] = UInt8(bit)
                let code = RunningDigest.code(of: message, key: key)
                if code[0] & 0x80 != 0 { result[bit / 8] ^= UInt8(mask) }
            }
            // The next bit depends on this one.
            if address.bit(bit) == 1 { message[head + bit / 8] |= UInt8(mask) }
        }
        return IPAddress(bytes: result) ?? address
    }
}
