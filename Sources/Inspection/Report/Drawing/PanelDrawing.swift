/// Draws one panel of a picture over guest instructions.
struct PanelDrawing {
    private static let markDistance = 28.0
    /// What is more than nothing is that high at least, in pixels.
    private static let leastPixels = 1.5

    let panel: SliceChart.Panel
    let slices: Int
    /// Where it begins, in pixels from the top of the picture.
    let y: Double

    var markup: [Markup] {
        title + scaleMarks + [shapes]
            + [
                Markup(
                    "line",
                    [
                        "class": "axis", "x1": "0", "x2": "100%", "y1": coordinate(baseline),
                        "y2": coordinate(baseline),
                    ]
                )
            ]
    }

    private var upTop: Double { panel.top ?? panel.up.map(\.most).max() ?? 0 }
    private var downTop: Double { panel.down.map(\.most).max() ?? 0 }

    /// The part of the height that is above the base line.
    private var upShare: Double {
        guard !panel.down.isEmpty, upTop + downTop > 0 else { return 1 }
        return upTop / (upTop + downTop)
    }

    private var baseline: Double { y + panel.height * upShare }

    private var title: [Markup] {
        guard let title = panel.title else { return [] }
        return [
            Markup("text", ["class": "panel", "x": "0", "y": coordinate(y - 5)], [Markup(title)])
        ]
    }

    private var scaleMarks: [Markup] {
        guard !panel.marksTop else {
            return upTop > 0 ? [mark(at: y, panel.unit.text(upTop))] : []
        }
        let whole = upTop + downTop
        guard whole > 0 else { return [] }
        let count = max(1, Int(panel.height / Self.markDistance))
        let scale = TickScale(to: whole, count: count, unit: panel.unit)
        let up = scale.values.filter { $0 <= upTop * (1 + 1e-9) }
        let down = scale.values.dropFirst().filter { $0 <= downTop * (1 + 1e-9) }
        return
            (up.map { (baseline - $0 / whole * panel.height, $0) }
            + down.map { (baseline + $0 / whole * panel.height, $0) })
            .flatMap { [grid(at: $0.0), mark(at: $0.0, scale.text($0.1))] }
    }

    private func grid(at y: Double) -> Markup {
        Markup("line", ["class": "grid", "x1": "0", "x2": "100%", "y1": coordinate(y), "y2": coordinate(y)])
    }

    private func mark(at y: Double, _ text: String) -> Markup {
        Markup(
            "text",
            ["class": "mark", "x": "-6", "y": coordinate(y), "dy": "0.35em", "text-anchor": "end"],
            [Markup(text)]
        )
    }

    private var shapes: Markup {
        let height = SlicePath.boxHeight
        let base = Int((upShare * Double(height)).rounded())
        let least = Int((Self.leastPixels / panel.height * Double(height)).rounded(.up))
        func paths(_ series: [SliceChart.Series], goesUp: Bool, top: Double) -> [Markup] {
            let path = SlicePath(
                reach: goesUp ? base : height - base,
                base: base,
                goesUp: goesUp,
                top: top,
                least: least
            )
            return series.compactMap { series in
                let data = path.data(series.values)
                return data.isEmpty ? nil : Markup("path", ["class": series.mark.rawValue, "d": data])
            }
        }
        return Markup(
            "svg",
            [
                "x": "0", "y": coordinate(y), "width": "100%", "height": coordinate(panel.height),
                "viewBox": "0 0 \(slices) \(height)", "preserveAspectRatio": "none",
            ],
            paths(panel.up, goesUp: true, top: upTop) + paths(panel.down, goesUp: false, top: downTop)
        )
    }
}
