/// Draws the axis of guest instructions, and the lines that go up from its marks.
///
/// What is horizontal is in percent of the width, what is vertical in pixels.
struct AxisDrawing {
    /// How high the axis is with its numbers, in pixels; the same in `page.js`, which draws a line down to it.
    static let height = 52.0
    private static let markCount = 9

    let axis: InstructionAxis

    private var marks: [(value: Double, place: String, share: Double)] {
        let end = Double(axis.instructions)
        return scale.values.map { value in
            let share = end > 0 ? min(value / end, 1) : 0
            return (value, coordinate(share * 100) + "%", share)
        }
    }

    private var scale: TickScale {
        TickScale(to: Double(axis.instructions), count: Self.markCount, unit: .count)
    }

    /// Lines through the picture, down to `y`.
    func grid(to y: Double) -> [Markup] {
        marks.dropFirst().map { mark in
            Markup(
                "line",
                ["class": "grid", "x1": mark.place, "x2": mark.place, "y1": "4", "y2": coordinate(y)]
            )
        }
    }

    /// The axis, from `y` down.
    func markup(at y: Double) -> [Markup] {
        let scale = scale
        let marks = marks.enumerated().flatMap { index, mark -> [Markup] in
            let anchor = index == 0 ? "start" : mark.share > 0.96 ? "end" : "middle"
            let kind = index % 2 == 0 ? "mark" : "mark odd"
            let time = axis.time(at: mark.value)
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
        let title = axis.seconds == nil ? "guest instructions" : "guest instructions, seconds below"
        return [
            Markup(
                "line",
                ["class": "axis", "x1": "0", "x2": "100%", "y1": coordinate(y), "y2": coordinate(y)]
            )
        ] + marks
            + [text("name", "100%", y + (axis.seconds == nil ? 33 : 47), "end", title)]
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
