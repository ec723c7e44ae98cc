import Traces

extension ReportFigure {
    /// When frames came and went.
    static func packets(_ activity: TraceActivity, _ axis: InstructionAxis) -> ReportFigure {
        let received = activity.slices.map { UInt64(clamping: $0.received.bytes) }
        let sent = activity.slices.map { UInt64(clamping: $0.sent.bytes) }
        let frames = (
            activity.slices.map { UInt64(clamping: $0.received.frames) },
            activity.slices.map { UInt64(clamping: $0.sent.frames) }
        )
        return transfers(
            "Packets",
            (received, sent),
            words: ("received", "sent"),
            axis,
            nothing: "No packets came or went.",
            caption: "Bytes of the frames of the guest's network, for each slice.",
            columns: [
                .sum("frames received", frames.0), .sum("bytes received", received),
                .sum("frames sent", frames.1), .sum("bytes sent", sent),
            ]
        )
    }

    /// When the guest's disks were read and written.
    static func disk(_ activity: TraceActivity, _ axis: InstructionAxis) -> ReportFigure {
        let read = activity.slices.map(\.diskRead)
        let written = activity.slices.map(\.diskWritten)
        return transfers(
            "Disk",
            (read, written),
            words: ("read", "written"),
            axis,
            nothing: "There were no disk transfers.",
            caption: "Bytes that the guest read from its disks and wrote to them, for each slice.",
            columns: [.sum("bytes read", read), .sum("bytes written", written)]
        )
    }

    private static func transfers(
        _ title: String,
        _ bytes: (up: [UInt64], down: [UInt64]),
        words: (up: String, down: String),
        _ axis: InstructionAxis,
        nothing: String,
        caption: String,
        columns: [ReportTable.SliceColumn]
    ) -> ReportFigure {
        let totals = (saturatingSum(bytes.up), saturatingSum(bytes.down))
        guard totals.0 > 0 || totals.1 > 0 else {
            return ReportFigure(title: title, caption: "", content: .sentence(nothing))
        }
        let panel = SliceChart.Panel(
            up: [SliceChart.Series(name: words.up, values: bytes.up.map { Double($0) })],
            down: [SliceChart.Series(name: words.down, values: bytes.down.map { Double($0) }, mark: .second)],
            unit: .bytes,
            height: 150
        )
        func text(_ values: [UInt64], _ total: UInt64, _ word: String) -> String {
            "\(word): \(ReportUnit.bytes.text(Double(total))) in all, \(axis.peakText(values, unit: .bytes))"
        }
        return ReportFigure(
            title: title,
            caption: caption,
            description: text(bytes.up, totals.0, words.up) + "; " + text(bytes.down, totals.1, words.down),
            keys: [
                Key(
                    mark: .first,
                    text: "\(words.up), above the line: \(ReportUnit.bytes.text(Double(totals.0)))"
                ),
                Key(
                    mark: .second,
                    text: "\(words.down), below the line: \(ReportUnit.bytes.text(Double(totals.1)))"
                ),
            ],
            content: .slices(SliceChart(axis: axis, panels: [panel])),
            table: .slices(axis, columns)
        )
    }
}
