import Traces

extension ReportFigure {
    /// Where in the run entries of each category lie.
    static func events(_ activity: TraceActivity, _ axis: InstructionAxis) -> ReportFigure {
        let totals = NondetCategory.allCases.map { category in
            (category, saturatingSum(activity.slices.lazy.map { UInt64($0.entries[category]) }))
        }
        let present = totals.filter { $0.1 > 0 }
        guard !present.isEmpty else {
            return ReportFigure(title: "Events", caption: "", content: .sentence("The log has no entries."))
        }
        let panels = present.map { category, total in
            SliceChart.Panel(
                title: "\(category.name): \(total) in all",
                up: [
                    SliceChart.Series(
                        name: category.name,
                        values: activity.slices.map { Double($0.entries[category]) }
                    )
                ],
                height: 36,
                marksTop: true
            )
        }
        return ReportFigure(
            title: "Events",
            caption: """
                Entries of the log by category, for each of \(axis.count) slices of \(axis.sliceText). Each strip has \
                a scale of its own; the number to its left is its largest.
                """,
            description: present.map { "\($0.0.name): \($0.1) entries" }.joined(separator: "; "),
            content: .slices(SliceChart(axis: axis, panels: panels)),
            table: .slices(
                axis,
                present.map { category, _ in
                    .sum(category.name, activity.slices.map { UInt64($0.entries[category]) })
                }
            )
        )
    }

    /// When the guest took interrupts.
    static func interrupts(_ activity: TraceActivity, _ axis: InstructionAxis) -> ReportFigure {
        let counts = activity.slices.map { UInt64($0.interrupts) }
        let total = saturatingSum(counts)
        guard total > 0 else {
            return ReportFigure(
                title: "Interrupts",
                caption: "",
                content: .sentence("The guest took no interrupts.")
            )
        }
        let panel = SliceChart.Panel(
            up: [SliceChart.Series(name: "interrupts", values: counts.map { Double($0) })],
            height: 90
        )
        return ReportFigure(
            title: "Interrupts",
            caption: "Interrupts that the guest took, for each slice; \(total) in all.",
            description: "\(total) interrupts; \(axis.peakText(counts))",
            content: .slices(SliceChart(axis: axis, panels: [panel])),
            table: .slices(axis, [.sum("interrupts", counts)])
        )
    }
}

extension InstructionAxis {
    /// Where the largest of some numbers is, in a few words.
    func peakText(_ values: [UInt64], unit: ReportUnit = .count) -> String {
        guard let most = values.max(), most > 0, let place = values.firstIndex(of: most) else {
            return "none"
        }
        return "at most \(unit.text(Double(most))) in a slice, from instruction \(starts[place]) on"
    }
}
