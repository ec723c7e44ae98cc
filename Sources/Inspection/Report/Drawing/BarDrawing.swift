/// Draws bars one below the other, the name and the number above each.
struct BarDrawing {
    private static let rowHeight = 40.0
    private static let titleHeight = 26.0
    private static let barHeight = 14.0
    /// What is more than nothing is that wide at least, in percent.
    private static let leastPercent = 0.2

    let chart: BarChart
    /// What the element is called, for who cannot see it.
    let label: Markup.Label

    /// The picture.
    var markup: Markup {
        var y = 0.0
        var parts: [Markup] = []
        for group in chart.groups {
            if let title = group.title {
                parts.append(
                    Markup("text", ["class": "mark", "x": "0", "y": coordinate(y + 18)], [Markup(title)])
                )
                y += Self.titleHeight
            }
            let most = group.bars.map(\.value).max() ?? 0
            for bar in group.bars {
                parts += draw(bar, at: y, most: most)
                y += Self.rowHeight
            }
        }
        return Markup(
            "svg",
            [
                "class": "bars", "width": "100%", "height": coordinate(y), "role": "img",
                "aria-labelledby": label.ids,
            ],
            label.markup + parts
        )
    }

    private func draw(_ bar: BarChart.Bar, at y: Double, most: Double) -> [Markup] {
        let share = most > 0 ? min(max(bar.value / most, 0), 1) : 0
        let percent = share > 0 ? max(share * 100, Self.leastPercent) : 0
        let barY = coordinate(y + 19)
        let height = coordinate(Self.barHeight)
        return [
            Markup("text", ["class": "panel", "x": "0", "y": coordinate(y + 14)], [Markup(bar.name)]),
            Markup(
                "text",
                ["class": "mark", "x": "100%", "y": coordinate(y + 14), "text-anchor": "end"],
                [Markup(bar.text)]
            ),
            Markup("rect", ["class": "rail", "x": "0", "y": barY, "width": "100%", "height": height]),
            Markup(
                "rect",
                ["class": "first", "x": "0", "y": barY, "width": coordinate(percent) + "%", "height": height]
            ),
        ]
    }
}
