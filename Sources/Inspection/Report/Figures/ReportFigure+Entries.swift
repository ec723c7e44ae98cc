import Traces

extension ReportFigure {
    /// What the log consists of.
    static func entries(_ summary: NondetLogSummary) -> ReportFigure {
        func row(_ name: String, _ tally: NondetTally) -> ReportTable.Row? {
            guard tally.entries > 0 else { return nil }
            return ReportTable.Row(cells: [
                .text(name), .number(UInt64(clamping: tally.entries)), .number(UInt64(clamping: tally.bytes)),
                .share(Double(tally.bytes) / Double(max(summary.total.bytes, 1))),
            ])
        }
        let kinds = NondetKind.allCases.filter { $0 != .skippedCall }
            .compactMap { row($0.text, summary.tally(of: $0)) }
        let calls = SkippedCallKind.allCases.compactMap { row($0.text, summary.tally(of: $0)) }
        guard !kinds.isEmpty || !calls.isEmpty else {
            return ReportFigure(
                title: "Entries by kind",
                caption: "",
                content: .sentence("The log has no entries.")
            )
        }
        return ReportFigure(
            title: "Entries by kind",
            caption:
                "What the log consists of. Calls are what a device did, which a replay repeats without it.",
            content: .tableOnly,
            table: ReportTable(
                columns: ["kind", "entries", "bytes", "share of the bytes"],
                rows: kinds + calls,
                total: row("all", summary.total)?.cells
            )
        )
    }
}

extension NondetKind {
    fileprivate var text: String {
        switch self {
        case .input1: "input of 1 byte"
        case .input2: "input of 2 bytes"
        case .input4: "input of 4 bytes"
        case .input8: "input of 8 bytes"
        case .interruptRequest: "interrupt request"
        case .exitRequest: "exit request"
        case .skippedCall: "call"
        case .endOfLog: "end of the log"
        case .pendingInterrupts: "pending interrupts"
        case .exception: "exception"
        }
    }
}

extension SkippedCallKind {
    fileprivate var text: String {
        switch self {
        case .memoryWrite: "call: write to memory"
        case .memoryRegionChange: "call: change of a memory region"
        case .memoryUnmap: "call: write to memory through a mapping"
        case .hardDriveTransfer: "call: disk transfer"
        case .networkTransfer: "call: transfer in the network card"
        case .packet: "call: packet"
        case .serialReceive: "call: byte came in at a serial port"
        case .serialRead: "call: byte read from a serial port"
        case .serialSend: "call: byte went out at a serial port"
        case .serialWrite: "call: byte written to a serial port"
        case .registerWrite: "call: write of a register"
        }
    }
}
