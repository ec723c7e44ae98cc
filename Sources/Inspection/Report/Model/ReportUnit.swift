/// What the numbers of a picture count.
enum ReportUnit: Hashable, Sendable {
    /// Things.
    case count
    /// Bytes, with units of powers of 1024.
    case bytes
    /// Parts of a whole, from 0 to 1, written in percent.
    case share
    /// Seconds.
    case seconds

    /// A power of the unit that numbers are written in.
    struct Prefix: Hashable {
        let factor: Double
        let text: String
        /// The least that it is used for.
        let least: Double
    }

    private static let decimal: [Prefix] =
        [Prefix(factor: 1e3, text: " k", least: 1e4)]
        + zip([1e6, 1e9, 1e12, 1e15, 1e18], ["M", "G", "T", "P", "E"]).map {
            Prefix(factor: $0, text: " \($1)", least: $0)
        }
    private static let binary: [Prefix] = zip(
        [0x1p10, 0x1p20, 0x1p30, 0x1p40, 0x1p50, 0x1p60],
        ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    ).map { Prefix(factor: $0, text: " \($1)", least: $0) }

    /// The prefix that suits numbers up to one.
    func prefix(for most: Double) -> Prefix {
        switch self {
        case .count: Self.decimal.last { most >= $0.least } ?? Prefix(factor: 1, text: "", least: 0)
        case .bytes: Self.binary.last { most >= $0.least } ?? Prefix(factor: 1, text: " B", least: 0)
        case .share: Prefix(factor: 0.01, text: " %", least: 0)
        case .seconds:
            most >= 1
                ? Prefix(factor: 1, text: " s", least: 1)
                : most >= 1e-3
                    ? Prefix(factor: 1e-3, text: " ms", least: 1e-3)
                    : Prefix(factor: 1e-6, text: " \u{b5}s", least: 0)
        }
    }

    /// The smallest difference that its numbers can have.
    var grain: Double {
        switch self {
        case .count, .bytes: 1
        case .share, .seconds: 0
        }
    }

    /// A number for people, with three digits or so.
    func text(_ value: Double) -> String {
        guard value.isFinite else { return "?" }
        if self == .share, value > 0, value < 0.00005 { return "<0.01 %" }
        let prefix = prefix(for: value)
        let scaled = value / prefix.factor
        let isWhole = grain > 0 && prefix.factor == 1
        return fixed(scaled, decimals: isWhole || scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2, trimmed: true)
            + prefix.text
    }
}

/// A number that is not negative with some digits behind the point; for what Swift writes in scientific notation, too.
///
/// - Parameters:
///   - value: The number; one with more than 18 digits is written as the largest that has no more.
///   - decimals: How many digits there are behind the point.
///   - trimmed: Whether zeros at the end are left out.
/// - Returns: The number as text.
func fixed(_ value: Double, decimals: Int, trimmed: Bool = false) -> String {
    guard value > 0 else {
        return trimmed || decimals == 0 ? "0" : "0." + String(repeating: "0", count: decimals)
    }
    let power = (0..<decimals).reduce(1) { product, _ in product * 10 }
    let units = UInt64(min(value * Double(power), 1e18).rounded())
    let (whole, part) = units.quotientAndRemainder(dividingBy: UInt64(power))
    guard decimals > 0 else { return "\(whole)" }
    var digits = String(String(UInt64(power) + part).dropFirst())
    if trimmed { while digits.hasSuffix("0") { digits.removeLast() } }
    return digits.isEmpty ? "\(whole)" : "\(whole).\(digits)"
}
