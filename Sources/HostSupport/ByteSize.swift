/// A number of bytes, written as people write memory and disk sizes: `512M`, `1G`, `4096`.
///
/// Units are powers of 1024, as in QEMU's `-m`.
public struct ByteSize: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The size in bytes.
    public let bytes: UInt64

    /// Creates a size from a number of bytes.
    public init(bytes: UInt64) {
        self.bytes = bytes
    }

    /// Creates a size from mebibytes.
    public static func mebibytes(_ count: UInt64) -> ByteSize { ByteSize(bytes: count << 20) }

    /// Reads a size such as `64M`, `1.5G` or `4096`; a number without a unit counts bytes.
    ///
    /// Nothing is returned where the text is no size, or one that 64 bits do not hold.
    public init?(_ text: String) {
        let units: [Character: Double] = ["K": 0x1p10, "M": 0x1p20, "G": 0x1p30, "T": 0x1p40]
        var digits = Substring(text)
        if digits.hasSuffix("iB") { digits = digits.dropLast(2) }
        var factor = 1.0
        if let last = digits.last, let unit = units[Character(last.uppercased())] {
            factor = unit
            digits = digits.dropLast()
        }
        guard let number = decimal(digits) else { return nil }
        let bytes = (number * factor).rounded()
        guard bytes >= 0, bytes < 0x1p63 else { return nil }
        self.bytes = UInt64(bytes)
    }

    /// The size in whole mebibytes, rounded up.
    public var mebibytes: UInt64 { (bytes >> 20) + (bytes % (1 << 20) == 0 ? 0 : 1) }

    /// The size for people: at most four digits and a unit, such as `82.6 MiB`.
    public var description: String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var value = Double(bytes)
        var index = 0
        // A value that would be shown as 1024.0 is shown in the next unit.
        while value >= 1023.95, bytes >= 1024, index < units.count - 1 {
            value /= 1024
            index += 1
        }
        return index == 0 ? "\(bytes) B" : "\((value * 10).rounded() / 10) \(units[index])"
    }

    /// Orders sizes by their bytes.
    public static func < (left: ByteSize, right: ByteSize) -> Bool { left.bytes < right.bytes }
}

extension ByteSize: Codable {
    /// Decodes a size from a string such as `128M` or from a number of bytes.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: `DecodingError` where the value is no size.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let bytes = try? container.decode(UInt64.self) {
            self.init(bytes: bytes)
            return
        }
        let text = try container.decode(String.self)
        guard let size = ByteSize(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text)' is not a size: write a number with K, M, G or T"
            )
        }
        self = size
    }

    /// Encodes the size as a number of bytes.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bytes)
    }
}
