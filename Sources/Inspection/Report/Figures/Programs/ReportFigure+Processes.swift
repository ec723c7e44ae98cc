import Foundation
import GuestEvents

extension ReportFigure {
    /// The most processes that are drawn.
    private static let mostShown = 16
    /// The most rows of a table of what programs did.
    static let mostListed = 1000

    /// All figures of what programs did.
    static func programs(_ activity: GuestActivity, _ axis: InstructionAxis) -> [ReportFigure] {
        [.processes(activity, axis), .typed(activity)] + activity.terminals.prefix(20).map { .terminal($0) }
            + [.files(activity), .changes(activity), .sockets(activity), .systemCalls(activity)]
    }

    /// Who had the processor when.
    static func processes(_ activity: GuestActivity, _ axis: InstructionAxis) -> ReportFigure {
        let title = "Processes"
        let busy = activity.processes.indices.filter { activity.processes[$0].instructions > 0 }
            .sorted { (activity.processes[$1].instructions, $0) < (activity.processes[$0].instructions, $1) }
        let drawn = busy.prefix(mostShown).sorted()
        let shares = axis.shares(of: activity.turns, drawn)
        let panels = drawn.map { place in
            let process = activity.processes[place]
            return SliceChart.Panel(
                title:
                    "\(process.pid) \(process.name.visible): \(ReportUnit.count.text(Double(process.instructions)))"
                    + " instructions",
                up: [SliceChart.Series(name: process.name.visible, values: shares[place] ?? [])],
                unit: .share,
                top: 1,
                height: 24,
                marksTop: true
            )
        }
        let shown = activity.processes.filter { $0.started != nil || !$0.runs.isEmpty }
        let notes = [
            activity.isComplete ? nil : "The events have no end: they were cut off.",
            activity.dropped > 0 ? "There was no room for \(activity.dropped) events." : nil,
            activity.leftOut > 0 ? "\(activity.leftOut) entries were left out." : nil,
            activity.lacks.isEmpty
                ? nil : "The trace's kernel profile does not tell \(activity.lacks.joined(separator: ", ")).",
            shown.count > mostListed ? "And \(shown.count - mostListed) more processes." : nil,
        ].compactMap { $0 }
        return ReportFigure(
            title: title,
            caption:
                "Who had the processor, as a share of each slice; the \(drawn.count) of the most instructions. The table "
                + "has all processes, with the program that each ran last; times are by the guest's own clock.",
            description: panels.compactMap(\.title).joined(separator: "; "),
            content: panels.isEmpty ? .tableOnly : .slices(SliceChart(axis: axis, panels: panels)),
            table: ReportTable(
                columns: [
                    "process", "parent", "name", "command line", "program", "folder", "began at instruction",
                    "began", "ended at", "ended with", "instructions", "system calls",
                ],
                rows: shown.prefix(mostListed).map { ReportTable.Row(cells: $0.cells) },
                note: notes.isEmpty ? nil : notes.joined(separator: " ")
            )
        )
    }

    /// How many system calls each process made.
    static func systemCalls(_ activity: GuestActivity) -> ReportFigure {
        let title = "System calls"
        let callers = activity.processes.filter { !$0.systemCalls.isEmpty }
        guard !callers.isEmpty else {
            return ReportFigure(
                title: title,
                caption: "",
                content: .sentence("No process made a system call.")
            )
        }
        let busiest = callers.sorted { $0.systemCallCount > $1.systemCallCount }
        let more = callers.reduce(0) { $0 + $1.systemCalls.count } - mostListed
        return ReportFigure(
            title: title,
            caption: "System calls by process; those that made the most are drawn.",
            description: busiest.prefix(mostShown).map { "\($0.name.visible): \($0.systemCallCount)" }
                .joined(separator: "; "),
            content: .bars(
                BarChart(
                    groups: [
                        .init(
                            bars: busiest.prefix(mostShown).map { process in
                                .init(
                                    name: "\(process.pid) \(process.name.visible)",
                                    value: Double(process.systemCallCount),
                                    text: "\(process.systemCallCount), most of all "
                                        + process.sortedCalls.prefix(3).map(\.name).joined(separator: ", ")
                                )
                            }
                        )
                    ]
                )
            ),
            table: ReportTable(
                columns: ["process", "name", "system call", "count"],
                rows: Array(
                    busiest.lazy.flatMap { process in
                        process.sortedCalls.map { call in
                            ReportTable.Row(cells: [
                                .text("\(process.pid)"), .text(process.name.visible), .text(call.name),
                                .number(call.count),
                            ])
                        }
                    }.prefix(mostListed)
                ),
                note: more > 0 ? "And \(more) more." : nil
            )
        )
    }
}

extension GuestActivity.Process {
    fileprivate var sortedCalls: [(name: String, count: UInt64)] {
        systemCalls.map { (name: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    fileprivate var cells: [ReportTable.Cell] {
        let program = runs.last?.program
        return [
            .text("\(pid)"), .text("\(parent)"), .text(name.visible),
            .text(program?.commandLine ?? ""), .text((program?.path ?? program?.file)?.visible ?? ""),
            .text(program?.folder?.visible ?? ""),
            started.map { .number($0) } ?? .text("before"),
            .text(startTime.map(guestTime) ?? "-"),
            ended.map { .number($0) } ?? .text("-"), .text(ending.map { "\($0)" } ?? "-"),
            .number(instructions), .number(systemCallCount),
        ]
    }
}

/// A time of the guest's clock as it is written.
func guestTime(_ date: Date) -> String {
    date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
}

extension InstructionAxis {
    /// The share of each slice that each of some processes had the processor for.
    func shares(of turns: [GuestActivity.Turn], _ processes: [Int]) -> [Int: [Double]] {
        let empty = [Double](repeating: 0, count: count)
        var shares = Dictionary(uniqueKeysWithValues: processes.map { ($0, empty) })
        var slice = 0
        for turn in turns {
            while slice + 1 < count, starts[slice + 1] <= turn.instructions.lowerBound { slice += 1 }
            var place = slice
            while place < count, starts[place] < turn.instructions.upperBound {
                let length = starts[place + 1] - starts[place]
                let from = max(starts[place], turn.instructions.lowerBound)
                let to = min(starts[place + 1], turn.instructions.upperBound)
                if to > from, length > 0 {
                    shares[turn.process]?[place] += Double(to - from) / Double(length)
                }
                place += 1
            }
        }
        return shares
    }
}
