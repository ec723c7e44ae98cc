import Traces

extension ReportFigure {
    /// How much time passed in the course of the instructions, and which part of it the guest was halted.
    ///
    /// - Parameters:
    ///   - activity: What happened.
    ///   - axis: The axis.
    ///   - ticksPerSecond: The rate of the time stamp counter, where it is known.
    ///   - idleShare: Which part of the whole time the guest was halted, as ``Traces/ClockReads/idleShare`` has it.
    /// - Returns: The picture, or a sentence in its place.
    static func time(
        _ activity: TraceActivity,
        _ axis: InstructionAxis,
        ticksPerSecond: Double?,
        idleShare: Double?
    ) -> ReportFigure {
        let ticks = activity.slices.map(\.ticks)
        let idle = activity.slices.map { min($0.idleTicks, $0.ticks) }
        let total = saturatingSum(ticks)
        guard total > 0 else {
            return ReportFigure(
                title: "Time and idleness",
                caption: "",
                content: .sentence(
                    "The guest hardly reads the time stamp counter: nothing tells when it was idle."
                )
            )
        }
        var panels = [
            SliceChart.Panel(
                title: "idle part of the time",
                up: [SliceChart.Series(name: "idle", values: idleShares(activity), mark: .faint)],
                unit: .share,
                top: 1,
                height: 90
            )
        ]
        var keys: [Key] = []
        if let ticksPerSecond, axis.seconds != nil {
            panels.append(
                SliceChart.Panel(
                    title:
                        "time that passed: \(ReportUnit.seconds.text(Double(total) / ticksPerSecond)) in all",
                    up: [
                        SliceChart.Series(
                            name: "all",
                            values: ticks.map { Double($0) / ticksPerSecond },
                            mark: .faint
                        ),
                        SliceChart.Series(
                            name: "busy",
                            values: zip(ticks, idle).map { Double($0 - $1) / ticksPerSecond }
                        ),
                    ],
                    unit: .seconds,
                    height: 90
                )
            )
            keys = [
                Key(mark: .first, text: "busy, from the line up"),
                Key(mark: .faint, text: "idle, on top of it"),
            ]
        }
        return ReportFigure(
            title: "Time and idleness",
            caption: """
                Which part of the time the guest was halted, and how much time passed, for each slice. Both are \
                estimates, from gaps between the guest's reads of the time stamp counter: a gap counts as idle, less \
                the time that its instructions take, where it is eight times as long as that. Time without \
                instructions has no width here. A slice without a read has the idle part of the next that has one, \
                and its time is in that one.
                """,
            description: idleShare.map { "idle for \(ReportUnit.share.text($0)) of the time" }
                ?? "nobody knows for which part of the time the guest was idle",
            keys: keys,
            content: .slices(SliceChart(axis: axis, panels: panels)),
            table: table(ticks, idle, axis)
        )
    }

    /// The idle part for each slice; a slice without a read lies in the gap that ends in the next.
    private static func idleShares(_ activity: TraceActivity) -> [Double] {
        var next = 0.0
        var shares: [Double] = []
        for slice in activity.slices.reversed() {
            if slice.ticks > 0 { next = min(1, Double(slice.idleTicks) / Double(slice.ticks)) }
            shares.append(next)
        }
        return shares.reversed()
    }

    private static func table(_ ticks: [UInt64], _ idle: [UInt64], _ axis: InstructionAxis) -> ReportTable {
        .slices(
            axis,
            [
                .sum("ticks", ticks), .sum("idle ticks", idle),
                ReportTable.SliceColumn(name: "idle part") { slices in
                    let whole = saturatingSum(ticks[slices])
                    return whole > 0 ? .share(Double(saturatingSum(idle[slices])) / Double(whole)) : .unknown
                },
            ]
        )
    }
}
