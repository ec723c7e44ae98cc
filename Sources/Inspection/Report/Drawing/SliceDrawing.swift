/// Draws pictures over guest instructions.
///
/// The picture is as wide as the page and its letters are not stretched with it: what is horizontal is in percent of the
/// width, what is vertical in pixels. Marks of the scales stand to the left of the picture, where the style sheet leaves
/// room.
struct SliceDrawing {
    private static let titleHeight = 18.0
    private static let gap = 12.0

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
        let axis = AxisDrawing(axis: chart.axis)
        return Markup(
            "svg",
            [
                "class": "plot", "data-slices": "\(chart.axis.count)", "width": "100%",
                "height": coordinate(y + AxisDrawing.height), "role": "img",
                "aria-labelledby": label.ids,
            ],
            label.markup + axis.grid(to: y) + parts + axis.markup(at: y)
        )
    }
}
