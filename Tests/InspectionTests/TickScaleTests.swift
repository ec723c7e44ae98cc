import Testing

@testable import Inspection

@Suite("Marks of an axis")
struct TickScaleTests {
    private static let cases: [(Double, Int, ReportUnit, [String])] = [
        (26, 3, .count, ["0", "10", "20"]),
        (1, 3, .count, ["0", "1"]),
        (2_224_217, 6, .count, ["0", "0.5 M", "1 M", "1.5 M", "2 M"]),
        (32_535_893, 9, .count, ["0", "5 M", "10 M", "15 M", "20 M", "25 M", "30 M"]),
        (9_999, 4, .count, ["0", "5000"]),
        (110, 4, .bytes, ["0", "50 B", "100 B"]),
        (3.3 * 1024 * 1024, 4, .bytes, ["0", "1 MiB", "2 MiB", "3 MiB"]),
        (1, 3, .share, ["0", "50 %", "100 %"]),
        (0.27, 3, .seconds, ["0", "100 ms", "200 ms"]),
        (0, 3, .count, ["0"]),
    ]

    @Test("are 1, 2 or 5 times a power of ten apart, in the unit that suits the largest", arguments: cases)
    func marks(most: Double, count: Int, unit: ReportUnit, expected: [String]) {
        let scale = TickScale(to: most, count: count, unit: unit)
        #expect(scale.values.map(scale.text) == expected)
    }

    @Test(
        "are finite, rising and within the axis for whatever there is",
        arguments: [ReportUnit.count, .bytes, .share, .seconds]
    )
    func anything(unit: ReportUnit) {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let most = Double(bitPattern: .random(in: 0 ... .max, using: &random))
            let count = Int.random(in: 1...12, using: &random)
            let scale = TickScale(to: most, count: count, unit: unit)
            #expect(scale.values.count <= count + 1)
            #expect(scale.values.first == 0)
            #expect(zip(scale.values, scale.values.dropFirst()).allSatisfy { $0 < $1 })
            #expect(scale.values.allSatisfy { $0.isFinite && ($0 == 0 || $0 <= most * 1.000001) })
        }
    }
}
