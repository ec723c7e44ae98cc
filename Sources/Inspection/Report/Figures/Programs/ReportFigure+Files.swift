import GuestEvents
import RunRecords

extension ReportFigure {
    /// The files that programs read and wrote.
    static func files(_ activity: GuestActivity) -> ReportFigure {
        let title = "Files"
        guard !activity.files.isEmpty else {
            return ReportFigure(title: title, caption: "", content: .sentence("No program used a file."))
        }
        // Who looks for a trace of a visitor looks for what was written.
        let files = activity.files.enumerated().sorted { first, second in
            let (written, other) = (first.element.written > 0, second.element.written > 0)
            return written == other ? first.offset < second.offset : written
        }.map(\.element)
        return ReportFigure(
            title: title,
            caption:
                "Files that programs read or wrote by system calls, written ones first; what went through mappings is not "
                + "counted.",
            content: .tableOnly,
            table: ReportTable(
                columns: ["file", "bytes written", "bytes read", "first at instruction", "last at", "by"],
                rows: files.prefix(mostListed).map { file in
                    ReportTable.Row(cells: [
                        .text(file.path.visible), .number(file.written), .number(file.read),
                        .number(file.first), .number(file.last),
                        .text(file.users.map(\.visible).joined(separator: ", ")),
                    ])
                },
                note: files.count > mostListed ? "And \(files.count - mostListed) more." : nil
            )
        )
    }

    /// Names and attributes that programs changed.
    static func changes(_ activity: GuestActivity) -> ReportFigure {
        let title = "Changes of files"
        guard !activity.changes.isEmpty else {
            return ReportFigure(
                title: title,
                caption: "",
                content: .sentence("No program made, renamed or removed a name, or changed an attribute.")
            )
        }
        return ReportFigure(
            title: title,
            caption: "Names that programs made, renamed or removed, and attributes that they changed.",
            content: .tableOnly,
            table: ReportTable(
                columns: ["change", "process", "name", "at instruction"],
                rows: activity.changes.prefix(mostListed).map { change in
                    ReportTable.Row(cells: [
                        .text("\(change.change)"), .text("\(change.task.pid)"),
                        .text(change.task.name.visible),
                        .number(change.instruction),
                    ])
                },
                note: activity.changes.count > mostListed
                    ? "And \(activity.changes.count - mostListed) more." : nil
            )
        )
    }

    /// What programs did with sockets.
    static func sockets(_ activity: GuestActivity) -> ReportFigure {
        let title = "Sockets"
        guard !activity.connections.isEmpty else {
            return ReportFigure(
                title: title,
                caption: "",
                content: .sentence("No program connected to anybody, or waited for somebody.")
            )
        }
        func text(_ address: GuestEvent.Address?) -> ReportTable.Cell {
            .text(address.map { "\($0)" } ?? "-")
        }
        return ReportFigure(
            title: title,
            caption:
                "Connections that programs asked for or took, addresses that they took, and messages to somebody. The "
                + "packets are among the flows.",
            content: .tableOnly,
            table: ReportTable(
                columns: [
                    "call", "address", "this end", "other end", "type", "error", "process", "name",
                    "at instruction",
                ],
                rows: activity.connections.prefix(mostListed).map { connection in
                    let use = connection.use
                    return ReportTable.Row(cells: [
                        .text(use.operation.rawValue), text(use.named), text(use.local), text(use.peer),
                        .text(use.type ?? "-"),
                        .text(use.isUnfinished ? "unfinished" : use.error.map { "\($0)" } ?? "-"),
                        .text("\(connection.task.pid)"), .text(connection.task.name.visible),
                        .number(connection.instruction),
                    ])
                },
                note: activity.connections.count > mostListed
                    ? "And \(activity.connections.count - mostListed) more." : nil
            )
        )
    }

    /// How to have the figures of what programs did.
    static func noPrograms(_ record: RunRecord) -> ReportFigure {
        let how =
            record.machine.architecture == .x8664
            ? "'pandacap replay \(record.id) --preset events' makes it, and the report has it then."
            : "The plugin for that knows x86_64 guests, and this one is \(record.machine.architecture.rawValue)."
        return ReportFigure(
            title: "Processes",
            caption: "",
            content: .sentence("What programs did, typed and touched is not here: it takes a replay. \(how)")
        )
    }
}
