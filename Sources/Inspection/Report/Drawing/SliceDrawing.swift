/// Draws pictures over guest instructions.
///
/// The picture is as wide as the page and its letters are not stretched with it: what is horizontal is in percent of the
/// width, what is vertical in pixels. Marks of the scales stand to the left of the picture, where the style sheet leaves
/// room.
struct SliceDrawing {
    private static let titleHeight = 18.0
    private static let gap = 12.0
    /// As in `page.js`, which draws a line down to the axis.
    private static let axisHeight = 52.0
    private static let markCount = 9

    let chart: SliceChart
    /// What the element is called, for who cannot see it.
    let label: Markup.Label

    /// The picture.
    var markup: Markup {
        var y = 4.0
        var parts: [Markup] = []
        for panel in chart.panels {
            if panel.title != nil { y += Self.titleHeight }
            parts += PanelDrawing(panel: panel, slices: chart.axis.count, y: y).markup
            y += panel.height + Self.gap
        }
        y -= Self.gap
        return Markup(
            "svg",
            [
                "class": "plot", "data-slices": "\(chart.axis.count)", "width": "100%",
                "height": coordinate(y + Self.axisHeight), "role": "img",
                "aria-labelledby": label.ids,
            ],
            label.markup + grid(to: y) + parts + axis(at: y)
        )
    }

    private var marks: [(value: Double, place: String, share: Double)] {
        let end = Double(chart.axis.instructions)
        return scale.values.map { value in
            let share = end > 0 ? min(value / end, 1) : 0
            return (value, coordinate(share * 100) + "%", share)
        }
    }

    private var scale: TickScale {
        TickScale(to: Double(chart.axis.instructions), count: Self.markCount, unit: .count)
    }

    private func grid(to y: Double) -> [Markup] {
        marks.dropFirst().map { mark in
            Markup(
                "line",
                ["class": "grid", "x1": mark.place, "x2": mark.place, "y1": "4", "y2": coordinate(y)]
            )
        }
    }

    private func axis(at y: Double) -> [Markup] {
        let scale = scale
        let marks = marks.enumerated().flatMap { index, mark -> [Markup] in
            let anchor = index == 0 ? "start" : mark.share > 0.96 ? "end" : "middle"
            let kind = index % 2 == 0 ? "mark" : "mark odd"
            let time = chart.axis.time(at: mark.value)
            return [
                Markup(
                    "line",
                    [
                        "class": "axis", "x1": mark.place, "x2": mark.place, "y1": coordinate(y),
                        "y2": coordinate(y + 5),
                    ]
                ),
                text(kind, mark.place, y + 17, anchor, scale.text(mark.value)),
            ] + (time.map { [text("\(kind) time", mark.place, y + 31, anchor, $0)] } ?? [])
        }
        let title = chart.axis.seconds == nil ? "guest instructions" : "guest instructions, seconds below"
        return [
            Markup(
                "line",
                ["class": "axis", "x1": "0", "x2": "100%", "y1": coordinate(y), "y2": coordinate(y)]
            )
        ] + marks
            + [text("name", "100%", y + (chart.axis.seconds == nil ? 33 : 47), "end", title)]
    }

    private func text(
        _ kind: String,
        _ x: String,
        _ y: Double,
        _ anchor: String,
        _ text: String
    ) -> Markup {
        Markup("text", ["class": kind, "x": x, "y": coordinate(y), "text-anchor": anchor], [Markup(text)])
    }
}

extension Markup {
    /// The title and the description of a picture.
    struct Label {
        /// What the ids begin with; unique on the page.
        let id: String
        let title: String
        let description: String

        /// What the picture refers to.
        var ids: String { "\(id)-t \(id)-d" }

        var markup: [Markup] {
            [
                Markup("title", ["id": "\(id)-t"], [Markup(title)]),
                Markup("desc", ["id": "\(id)-d"], [Markup(description)]),
            ]
        }
    }
}
