import HostSupport
import RunRecords

extension AnalysisPreset {
    static let processes = AnalysisPreset(
        "processes",
        "which processes ran, and when",
        plugins: [PluginRequest("asidstory")],
        source: ProcessTables()
    )
}

/// Tables of what `asidstory` finds: panda/plugins/asidstory/asidstory.cpp.
struct ProcessTables: TableSource {
    static let processes = ResultTable(
        "processes",
        "a process that ran while the trace was recorded",
        [
            .init("pid", .integer, "its number"),
            .init("parent", .integer, "its parent's number"),
            .init("name", .text, "its name, the last one it had"),
            .init("names", .text, "all its names; an exec changes it"),
            .init("asid", .text, "its address spaces: the physical addresses of their page tables"),
            .init("first", .integer, "when it was seen first, in guest instructions"),
            .init("last", .integer, "when it was seen last"),
            .init("spans", .integer, "how often it was seen in turn"),
        ]
    )

    static let spans = ResultTable(
        "process_spans",
        "a time in which a process ran without another one between",
        [
            .init("pid", .integer, "the process"),
            .init("name", .text, "its name then"),
            .init("threads", .text, "its threads that were seen"),
            .init("asid", .text, "its address space"),
            .init("first", .integer, "when it began, in guest instructions"),
            .init("last", .integer, "when it ended"),
        ]
    )

    var tables: [ResultTable] { [Self.processes, Self.spans] }

    func pandalogReader() -> (any PandalogTableReader)? { SpanReader() }

    /// Without PANDA's log the plugin writes a table as text, with names cut to 20 characters.
    func read(_ output: AnalysisOutput, into sink: TableSink) throws {
        guard var lines = TextLines(output.folder / "asidstory") else { return }
        while let line = try lines.next() {
            guard !line.isEmpty else { break }
            // "    326   188  [cat exe recorded-lo           646e000   134409  ->  3667376"
            guard
                let match = line.wholeMatch(
                    of: /\s*([0-9]+)\s+([0-9]+)\s+\[(.*?)\s+([0-9a-f]+)\s+([0-9]+)\s+->\s+([0-9]+)\s*/
                )
            else { continue }
            let names = match.3.split(separator: "/").first.map(String.init)?.trimmed ?? ""
            try sink.add(
                [
                    Int64(match.2).map { .integer($0) }, nil, nil, .text(names), .text("0x\(match.4)"),
                    Int64(match.5).map { .integer($0) }, Int64(match.6).map { .integer($0) },
                    Int64(match.1).map { .integer($0) },
                ],
                to: Self.processes
            )
        }
        try sink.begin(Self.processes)
    }
}

private struct SpanReader: PandalogTableReader {
    /// How many names and address spaces of a process are told: it may take any number.
    private static let most = 64

    private struct Key: Hashable {
        let pid: UInt64
        let created: UInt64
    }

    private struct Process {
        var parent: UInt64?
        var names: [String] = []
        var spaces: [UInt64] = []
        var first: UInt64
        var last: UInt64
        var spans = 0
    }

    private var processes: [Key: Process] = [:]
    private var order: [Key] = []

    mutating func read(_ entry: PandalogEntry, into sink: TableSink) throws {
        guard let span = entry.fields.message("asid_info"), let pid = span.unsigned("pid"),
            let first = span.unsigned("start_instr"), let last = span.unsigned("end_instr")
        else { return }
        let names = span.texts("names")
        let asid = span.unsigned("asid")
        let key = Key(pid: pid, created: span.unsigned("create_time") ?? 0)
        if processes[key] == nil { order.append(key) }
        var process = processes[key] ?? Process(first: first, last: last)
        process.parent = span.unsigned("ppid") ?? process.parent
        if process.names.count < Self.most { process.names = (process.names + names).uniqued() }
        if let asid, process.spaces.count < Self.most, !process.spaces.contains(asid) {
            process.spaces.append(asid)
        }
        process.first = min(process.first, first)
        process.last = max(process.last, last)
        process.spans += 1
        processes[key] = process
        let threads: [String] =
            if case .list(let values) = span["tids"] { values.map(\.json) } else { [] }
        try sink.add(
            [
                .count(pid), .text(names.joined(separator: " ")), .text(threads.joined(separator: " ")),
                asid.map { .address($0) }, .count(first), .count(last),
            ],
            to: ProcessTables.spans
        )
    }

    func finish(into sink: TableSink) throws {
        try sink.begin(ProcessTables.processes)
        try sink.begin(ProcessTables.spans)
        for key in order {
            guard let process = processes[key] else { continue }
            try sink.add(
                [
                    .count(key.pid), process.parent.map { .count($0) }, process.names.last.map { .text($0) },
                    .text(process.names.joined(separator: " ")),
                    .text(process.spaces.map { "0x" + String($0, radix: 16) }.joined(separator: " ")),
                    .count(process.first), .count(process.last), .count(process.spans),
                ],
                to: ProcessTables.processes
            )
        }
    }
}

extension PandalogMessage {
    /// The texts of a field that may be there several times.
    func texts(_ name: String) -> [String] {
        guard case .list(let values) = self[name] else { return [] }
        return values.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }
}

extension StringProtocol {
    var trimmed: String {
        var text = Substring(self)
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
