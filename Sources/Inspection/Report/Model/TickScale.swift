import Glibc

/// The marks of an axis from 0 to a number: 1, 2 or 5 times a power of ten apart, in the unit that suits the largest.
struct TickScale: Hashable, Sendable {
    /// Where the marks are, rising from 0; the largest is not above the axis's end.
    let values: [Double]

    private let prefix: ReportUnit.Prefix
    private let decimals: Int

    /// Makes marks.
    ///
    /// - Parameters:
    ///   - most: Where the axis ends.
    ///   - count: How many marks there are above 0 at the most.
    ///   - unit: What the numbers count.
    init(to most: Double, count: Int, unit: ReportUnit) {
        prefix = unit.prefix(for: most)
        // What is smaller or larger has no power of ten, or none that can be calculated with.
        guard (1e-300..<1e300).contains(most), count > 0 else {
            (values, decimals) = ([0], 0)
            return
        }
        let wanted = max(most / prefix.factor / Double(count), unit.grain / prefix.factor)
        let power = Glibc.pow(10, Glibc.floor(Glibc.log10(wanted)))
        let step = ([1.0, 2, 5].first { $0 * power >= wanted * (1 - 1e-9) } ?? 10) * power
        let factor = prefix.factor
        values = (0...count).map { Double($0) * step * factor }.filter { $0 <= most * (1 + 1e-9) }
        decimals = step >= 1 ? 0 : min(6, Int(Glibc.ceil(-Glibc.log10(step) - 1e-9)))
    }

    /// How a mark is written.
    func text(_ value: Double) -> String {
        fixed(value / prefix.factor, decimals: decimals, trimmed: true) + (value == 0 ? "" : prefix.text)
    }
}
