/// Draws bars over guest instructions, the name above each.
struct SpanDrawing {
    private static let rowHeight = 28.0
    private static let barHeight = 8.0
    /// A bar is that wide at least, in percent, so that it can be seen.
    private static let leastPercent = 0.3

    let chart: SpanChart
    /// What the element is called, for who cannot see it.
    let label: Markup.Label

    /// The picture.
    var markup: Markup {
        let axis = AxisDrawing(axis: chart.axis)
        let y = 4 + Double(chart.spans.count) * Self.rowHeight
        let spans = chart.spans.enumerated().flatMap { index, span in
            draw(span, at: 4 + Double(index) * Self.rowHeight)
        }
        return Markup(
            "svg",
            [
                "class": "plot", "data-slices": "\(chart.axis.count)", "width": "100%",
                "height": coordinate(y + AxisDrawing.height), "role": "img", "aria-labelledby": label.ids,
            ],
            label.markup + axis.grid(to: y) + spans + axis.markup(at: y)
        )
    }

    private func draw(_ span: SpanChart.Span, at y: Double) -> [Markup] {
        let first = place(of: span.instructions.lowerBound)
        let width = max(place(of: span.instructions.upperBound) - first, Self.leastPercent)
        return [
            Markup("text", ["class": "panel span", "x": "0", "y": coordinate(y + 12)], [Markup(span.name)]),
            Markup(
                "rect",
                [
                    "class": span.mark.rawValue, "x": coordinate(min(first, 100 - width)) + "%",
                    "y": coordinate(y + 16), "width": coordinate(width) + "%",
                    "height": coordinate(Self.barHeight),
                ]
            ),
        ]
    }

    /// Where an instruction is, in percent of the width.
    private func place(of instruction: UInt64) -> Double {
        guard chart.axis.instructions > 0 else { return 0 }
        return min(Double(instruction) / Double(chart.axis.instructions), 1) * 100
    }
}
