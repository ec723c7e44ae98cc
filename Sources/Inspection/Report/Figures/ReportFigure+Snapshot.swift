extension ReportFigure {
    /// What the snapshot's file consists of.
    ///
    /// - Parameter parts: What is known of it; nothing where there is no snapshot that can be read.
    /// - Returns: The picture, or a sentence in its place.
    static func snapshot(_ parts: SnapshotParts?) -> ReportFigure {
        let title = "Snapshot"
        guard let parts, !parts.parts.isEmpty else {
            return ReportFigure(
                title: title,
                caption: "",
                content: .sentence("There is no snapshot that can be read.")
            )
        }
        let total = saturatingSum(parts.parts.lazy.map(\.bytes))
        let sorted = parts.parts.enumerated().sorted {
            ($1.element.bytes, $0.offset) < ($0.element.bytes, $1.offset)
        }.map(\.element)
        let shown = sorted.prefix(mostBars)
        return ReportFigure(
            title: title,
            caption: "What the file consists of, by size: \(ReportUnit.bytes.text(Double(total))) in all."
                + (shown.count < sorted.count ? " The largest \(shown.count) parts are drawn." : "")
                + (parts.note.map { " \($0)" } ?? ""),
            description: shown.map { "\($0.name): \(ReportUnit.bytes.text(Double($0.bytes)))" }
                .joined(separator: "; "),
            content: .bars(
                BarChart(groups: groups(of: shown, total: total))
            ),
            table: ReportTable(
                columns: ["part", "bytes", "share", "what"],
                rows: sorted.map {
                    ReportTable.Row(cells: [
                        .text($0.name), .number($0.bytes), .share(share($0.bytes, of: total)), .text($0.what),
                    ])
                },
                total: [.text("all"), .number(total), .share(total > 0 ? 1 : 0), .text("")]
            )
        )
    }

    private static let mostBars = 14
    private static let longestName = 32

    private static func share(_ bytes: UInt64, of total: UInt64) -> Double {
        total > 0 ? Double(bytes) / Double(total) : 0
    }

    /// The parts as bars; memory dwarfs all else, which has a scale of its own then.
    private static func groups(
        of parts: ArraySlice<SnapshotParts.Part>,
        total: UInt64
    ) -> [BarChart.Group] {
        let bars = parts.map { part in
            BarChart.Bar(
                name: shortened(part.name),
                value: Double(part.bytes),
                text: "\(ReportUnit.bytes.text(Double(part.bytes))), "
                    + ReportUnit.share.text(share(part.bytes, of: total))
            )
        }
        guard bars.count > 2, bars[1].value > 0, bars[0].value > bars[1].value * 10 else {
            return [BarChart.Group(bars: bars)]
        }
        let factor = ReportUnit.count.text((bars[0].value / bars[1].value).rounded())
        return [
            BarChart.Group(bars: [bars[0]]),
            BarChart.Group(title: "the others, drawn \(factor) times as wide", bars: Array(bars[1...])),
        ]
    }

    /// A name that leaves room for the number beside it; the table has it whole.
    private static func shortened(_ name: String) -> String {
        name.count <= longestName ? name : name.prefix(longestName - 1) + "\u{2026}"
    }
}
