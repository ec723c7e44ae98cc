import Foundation
import HostSupport

extension ReportFigure {
    private static let mostBars = 20
    private static let mostRows = 2000

    /// What a dataset's files are, by size: as they lie there, and restored.
    static func files(_ parts: [DatasetOverview.Part]) -> ReportFigure {
        let known = parts.filter { $0.files > 0 }
        let packed = saturatingSum(known.lazy.map(\.packed))
        let restored = saturatingSum(known.lazy.map(\.restored))
        func bars(_ bytes: KeyPath<DatasetOverview.Part, UInt64>) -> [BarChart.Bar] {
            known.map { part in
                BarChart.Bar(
                    name: part.name,
                    value: Double(part[keyPath: bytes]),
                    text: ReportUnit.bytes.text(Double(part[keyPath: bytes]))
                )
            }
        }
        return ReportFigure(
            title: "Files",
            caption: "What the files are, as they are packed and as they come out: "
                + "\(ReportUnit.bytes.text(Double(packed))) and \(ReportUnit.bytes.text(Double(restored))) in all.",
            description: known.map { "\($0.name): \(ReportUnit.bytes.text(Double($0.packed)))" }
                .joined(separator: "; "),
            content: known.isEmpty
                ? .sentence("There are no files.")
                : .bars(
                    BarChart(groups: [
                        .init(title: "packed", bars: bars(\.packed)),
                        .init(title: "restored, to a scale of its own", bars: bars(\.restored)),
                    ])
                ),
            table: ReportTable(
                columns: ["kind", "files", "bytes packed", "bytes restored"],
                rows: known.map {
                    ReportTable.Row(cells: [
                        .text($0.name), .number(UInt64($0.files)), .number($0.packed), .number($0.restored),
                    ])
                },
                total: [
                    .text("all"), .number(saturatingSum(known.lazy.map { UInt64($0.files) })),
                    .number(packed),
                    .number(restored),
                ]
            )
        )
    }

    /// The largest traces, as they are packed.
    static func sizes(_ traces: [DatasetOverview.Trace]) -> ReportFigure {
        largest(
            of: traces,
            title: "Sizes",
            caption: "The recordings' files as they are packed.",
            none: "There are no traces.",
            unit: .bytes,
            column: "bytes packed"
        ) { $0.packed }
    }

    /// The longest traces.
    static func lengths(_ traces: [DatasetOverview.Trace]) -> ReportFigure {
        largest(
            of: traces.filter { $0.instructions != nil },
            title: "Lengths",
            caption: "The guest instructions of the recordings.",
            none: "Nobody knows how long the recordings are.",
            unit: .count,
            column: "instructions"
        ) { $0.instructions ?? 0 }
    }

    private static func largest(
        of traces: [DatasetOverview.Trace],
        title: String,
        caption: String,
        none: String,
        unit: ReportUnit,
        column: String,
        _ value: (DatasetOverview.Trace) -> UInt64
    ) -> ReportFigure {
        guard !traces.isEmpty else {
            return ReportFigure(title: title, caption: "", content: .sentence(none))
        }
        let sorted = traces.sorted { (value($1), $0.name) < (value($0), $1.name) }
        let shown = sorted.prefix(mostBars)
        return ReportFigure(
            title: title,
            caption: caption
                + (shown.count < sorted.count
                    ? " The \(shown.count) largest of \(sorted.count) are drawn." : ""),
            description: shown.map { "\($0.name): \(unit.text(Double(value($0))))" }.joined(separator: "; "),
            content: .bars(
                BarChart(groups: [
                    .init(
                        bars: shown.map {
                            .init(name: $0.name, value: Double(value($0)), text: unit.text(Double(value($0))))
                        }
                    )
                ])
            ),
            table: ReportTable(
                columns: ["trace", column],
                rows: shown.map { ReportTable.Row(cells: [.text($0.name), .number(value($0))]) }
            )
        )
    }

    /// How many traces were recorded on each day.
    static func days(_ traces: [DatasetOverview.Trace]) -> ReportFigure {
        let days = Dictionary(grouping: traces.compactMap(\.started)) {
            String(JSONText.timeText($0).prefix(10))
        }
        .map { (day: $0.key, count: $0.value.count) }.sorted { $0.day < $1.day }
        guard !days.isEmpty else {
            return ReportFigure(
                title: "Days",
                caption: "",
                content: .sentence("Nobody knows when they were recorded.")
            )
        }
        let shown = days.suffix(mostBars)
        return ReportFigure(
            title: "Days",
            caption: "How many recordings began on each day, UTC; days without one are left out."
                + (shown.count < days.count ? " The last \(shown.count) of \(days.count) are drawn." : ""),
            description: shown.map { "\($0.day): \($0.count)" }.joined(separator: "; "),
            content: .bars(
                BarChart(groups: [
                    .init(
                        bars: shown.map { .init(name: $0.day, value: Double($0.count), text: "\($0.count)") }
                    )
                ])
            ),
            table: ReportTable(
                columns: ["day", "recordings"],
                rows: days.map { ReportTable.Row(cells: [.text($0.day), .number(UInt64($0.count))]) }
            )
        )
    }

    /// Who was connected to the guests.
    static func visitors(_ visitors: [DatasetOverview.Visitor]) -> ReportFigure {
        guard !visitors.isEmpty else {
            return ReportFigure(
                title: "Peers",
                caption: "",
                content: .sentence("Nobody was connected to the guests.")
            )
        }
        let sorted = visitors.sorted { ($1.connections, $0.address) < ($0.connections, $1.address) }
        let shown = sorted.prefix(mostBars)
        let rows = sorted.prefix(mostRows)
        return ReportFigure(
            title: "Peers",
            caption:
                "Who was connected to the guests, by the number of connections, from outside or to there."
                + (shown.count < sorted.count
                    ? " The first \(shown.count) of \(sorted.count) are drawn." : ""),
            description: shown.map { "\($0.address): \($0.connections)" }.joined(separator: "; "),
            content: .bars(
                BarChart(groups: [
                    .init(
                        bars: shown.map {
                            .init(name: $0.address, value: Double($0.connections), text: "\($0.connections)")
                        }
                    )
                ])
            ),
            table: ReportTable(
                columns: ["address", "connections", "traces", "bytes in", "bytes out", "first", "last"],
                rows: rows.map {
                    ReportTable.Row(cells: [
                        .text($0.address), .number(UInt64($0.connections)), .number(UInt64($0.traces)),
                        .number($0.received), .number($0.sent), .text(JSONText.timeText($0.first)),
                        .text(JSONText.timeText($0.last)),
                    ])
                },
                note: rows.count < sorted.count ? "And \(sorted.count - rows.count) more." : nil
            )
        )
    }

    /// All traces.
    static func traces(_ traces: [DatasetOverview.Trace]) -> ReportFigure {
        let rows = traces.prefix(mostRows)
        return ReportFigure(
            title: "Traces",
            caption: "One row for each recording.",
            content: traces.isEmpty ? .sentence("There are no traces.") : .tableOnly,
            table: traces.isEmpty
                ? nil
                : ReportTable(
                    columns: [
                        "trace", "guest", "started", "seconds", "instructions", "bytes packed",
                        "bytes restored",
                        "replays",
                    ],
                    rows: rows.map {
                        ReportTable.Row(cells: [
                            .text($0.name), .text($0.image), .text($0.started.map(JSONText.timeText) ?? "-"),
                            $0.seconds.map { .seconds($0) } ?? .unknown,
                            $0.instructions.map { .number($0) } ?? .unknown, .number($0.packed),
                            .number($0.restored), .text($0.isVerified ? "yes" : "no"),
                        ])
                    },
                    note: rows.count < traces.count ? "And \(traces.count - rows.count) more." : nil
                )
        )
    }
}
