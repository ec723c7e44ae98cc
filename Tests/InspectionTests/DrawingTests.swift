import Testing

@testable import Inspection
@testable import Traces

@Suite("Drawings")
struct DrawingTests {
    @Test("a panel has marks at round numbers, to one scale above and below the line")
    func marks() {
        let panel = SliceChart.Panel(
            up: [SliceChart.Series(name: "in", values: [26, 0, 1])],
            down: [SliceChart.Series(name: "out", values: [0, 13, 0])],
            height: 117
        )
        let text = PanelDrawing(panel: panel, slices: 3, y: 0).markup.map(\.text).joined()
        let marks = text.matches(of: /y="([0-9.]+)" dy="0.35em" text-anchor="end">([^<]*)</)
            .map { "\($0.2) at \($0.1)" }
        #expect(marks == ["0 at 78", "10 at 48", "20 at 18", "10 at 108"])
        #expect(
            text.contains("d=\"M0 667H0V0H1V667H2V641H3V667Z\""),
            "the first and the third slice, upwards"
        )
        #expect(text.contains("d=\"M0 667H1V1000H2V667H3V667Z\""), "the second slice, downwards")
    }

    @Test("what is more than nothing can be seen, and nothing cannot")
    func least() {
        let path = SlicePath(reach: 1000, base: 1000, goesUp: true, top: 1e18, least: 13)
        #expect(path.data([0, 1, 0]) == "M0 1000H1V987H2V1000H3V1000Z")
        #expect(path.data([0, 0, 0]) == "")
    }

    @Test("keep within their box, whatever the numbers are", arguments: 0..<200 as Range<UInt64>)
    func bounds(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        let count = [1, 2, 3, 77, 400].randomElement(using: &random) ?? 1
        let extremes = [0, 1, Double(UInt64.max), .infinity, .nan, -1, Double.leastNonzeroMagnitude, 1e308]
        func values() -> [Double] {
            (0..<count).map { _ in
                Bool.random(using: &random)
                    ? extremes.randomElement(using: &random) ?? 0
                    : Double(UInt64.random(in: 0 ... .max, using: &random))
            }
        }
        let panel = SliceChart.Panel(
            up: [SliceChart.Series(name: "in", values: values())],
            down: Bool.random(using: &random) ? [SliceChart.Series(name: "out", values: values())] : [],
            unit: [.count, .bytes, .share, .seconds].randomElement(using: &random) ?? .count,
            height: 100,
            marksTop: Bool.random(using: &random)
        )
        let text = PanelDrawing(panel: panel, slices: count, y: 20).markup.map(\.text).joined()
        #expect(!text.contains("nan") && !text.contains("inf") && !text.contains("e+"))
        for path in text.matches(of: /\ d="M0 (\d+)([^"]*)Z"/) {
            for step in path.2.matches(of: /([HV])(-?[^HVZ]+)/) {
                let place = try #require(Int(step.2))
                #expect((0...(step.1 == "H" ? count : 1000)).contains(place))
            }
        }
        for mark in text.matches(of: /\ y[12]?="([^"]*)"/) {
            let y = try #require(Double(mark.1))
            #expect((14.9...120.1).contains(y))
        }
    }

    @Test("bars over instructions keep within the picture", arguments: [0, 1, 1000, UInt64.max])
    func spans(instructions: UInt64) throws {
        let axis = InstructionAxis(
            TraceActivity(instructions: instructions, slices: 10, reads: ClockReads()),
            ticksPerSecond: nil
        )
        let ends: [ClosedRange<UInt64>] = [0...0, 0 ... .max, 999...1000, .max ... .max]
        let chart = SpanChart(axis: axis, spans: ends.map { SpanChart.Span(name: "flow", instructions: $0) })
        let label = Markup.Label(id: "f", title: "flows", description: "")
        let text = SpanDrawing(chart: chart, label: label).markup.text
        let bars = text.matches(of: /x="([0-9.]+)%" y="[0-9.]+" width="([0-9.]+)%"/)
        #expect(bars.count == 4)
        for bar in bars {
            let (x, width) = (try #require(Double(bar.1)), try #require(Double(bar.2)))
            #expect(x >= 0 && width >= 0.3 && x + width <= 100.001)
        }
    }

    @Test("coordinates are plain numbers")
    func coordinates() {
        #expect(coordinate(12.3456) == "12.346")
        #expect(coordinate(-0.5) == "-0.5")
        #expect(coordinate(7) == "7")
        #expect(coordinate(0.0001) == "0")
        #expect(coordinate(.nan) == "0")
        #expect(coordinate(.infinity) == "1000000000")
        #expect(coordinate(1e-9) == "0")
    }

    @Test("fixed numbers have the digits that were asked for, whatever the number is")
    func fixedNumbers() {
        #expect(fixed(1.005, decimals: 1) == "1.0")
        #expect(fixed(0.2, decimals: 6) == "0.200000")
        #expect(fixed(0.25, decimals: 3, trimmed: true) == "0.25")
        #expect(fixed(0, decimals: 2) == "0.00")
        #expect(fixed(-3, decimals: 0) == "0")
        #expect(fixed(.nan, decimals: 0) == "0")
        #expect(fixed(.infinity, decimals: 6) == "1000000000000.000000")
        #expect(fixed(1e300, decimals: 0) == "1000000000000000000")
    }

    @Test("numbers for people have three digits or so, and a unit")
    func texts() {
        #expect(ReportUnit.count.text(9_999) == "9999")
        #expect(ReportUnit.count.text(81_340) == "81.3 k")
        #expect(ReportUnit.count.text(Double(UInt64.max)) == "18.4 E")
        #expect(ReportUnit.bytes.text(1023) == "1023 B")
        #expect(ReportUnit.bytes.text(1536) == "1.5 KiB")
        #expect(ReportUnit.bytes.text(Double(UInt64.max)) == "16 EiB")
        #expect(ReportUnit.share.text(0.9857) == "98.6 %")
        #expect(ReportUnit.seconds.text(0.0042) == "4.2 ms")
        #expect(ReportUnit.seconds.text(130.4) == "130 s")
        #expect(ReportUnit.count.text(.nan) == "?")
    }
}
