import GuestEvents

extension ReportFigure {
    /// The most lines of a terminal that a page has.
    private static let mostLines = 5000

    /// What was typed on terminals.
    static func typed(_ activity: GuestActivity) -> ReportFigure {
        let title = "Typed"
        let lines = activity.terminals.flatMap { terminal in
            terminal.lines.indices.map { (terminal: terminal, place: $0) }
        }.sorted { $0.terminal.lines[$0.place].instruction < $1.terminal.lines[$1.place].instruction }
        guard !lines.isEmpty else {
            return ReportFigure(
                title: title,
                caption: "",
                content: .sentence(
                    "Nothing was typed on a terminal. What was run without one is among the processes."
                )
            )
        }
        return ReportFigure(
            title: title,
            caption: """
                What programs read from terminals, a line for each return key, in the order of the first key. Keys that \
                edit the line are as they were typed: ^? rubs out, ^I completes, ^[[A is the line before. Beside each \
                are the processes that its reader started up to the next line.
                """,
            content: .tableOnly,
            table: ReportTable(
                columns: [
                    "typed", "processes", "terminal", "read by", "process", "at instruction", "time",
                ],
                rows: lines.prefix(mostListed).map { terminal, place in
                    let line = terminal.lines[place]
                    let made = activity.processes(of: place, on: terminal).prefix(20).map { process in
                        process.runs.last?.program.commandLine ?? process.name.visible
                    }
                    return ReportTable.Row(cells: [
                        .text(line.text.visible + (line.isEnded ? "" : " (no return key)")),
                        .text(made.joined(separator: "; ")), .text(terminal.path.visible),
                        .text(line.reader.name.visible), .text("\(line.reader.pid)"),
                        .number(line.instruction), .text(line.time.map(guestTime) ?? "-"),
                    ])
                },
                note: lines.count > mostListed ? "And \(lines.count - mostListed) more lines." : nil
            )
        )
    }

    /// What a terminal showed.
    static func terminal(_ terminal: TerminalTranscript) -> ReportFigure {
        let lines = terminal.screen
        let isShort = lines.count <= mostLines
        return ReportFigure(
            title: "Terminal \(terminal.path.visible)",
            caption:
                "What programs wrote to it, without colours and movements of the cursor"
                + (isShort ? "." : "; the first \(mostLines) lines of \(lines.count).")
                + (terminal.isCut ? " Something is missing, since there was too much." : ""),
            content: lines.isEmpty
                ? .sentence("No program wrote to it.") : .text(Array(lines.prefix(mostLines)))
        )
    }
}
