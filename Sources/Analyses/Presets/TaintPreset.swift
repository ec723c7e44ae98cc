import HostSupport
import RunRecords

extension AnalysisPreset {
    static let taint = AnalysisPreset(
        "taint",
        "which branches depend on what came over the network",
        plugins: [
            PluginRequest("taint2"),
            PluginRequest(
                "tainted_net",
                [
                    "label_incoming_network=true", "query_outgoing_network=true",
                    "file=tainted_packets.csv",
                ]
            ),
            PluginRequest("tainted_branch", ["summary=true"]),
        ],
        withoutProfile: [
            PluginRequest("taint2"),
            PluginRequest(
                "tainted_net",
                [
                    "label_incoming_network=true", "query_outgoing_network=true",
                    "file=tainted_packets.csv",
                ]
            ),
            PluginRequest("tainted_branch", ["summary=true"]),
        ],
        source: TaintTables()
    )
}

/// Tables of what PANDA's taint analysis finds: panda/plugins/tainted_branch and tainted_net.
struct TaintTables: TableSource {
    static let branches = ResultTable(
        "tainted_branches",
        "a branch that depends on tainted data",
        [
            .init("instr", .integer, "when it was taken down, in guest instructions"),
            .init("asid", .text, "the address space"),
            .init("pc", .text, "the branch"),
        ]
    )

    static let sent = ResultTable(
        "tainted_sent_bytes",
        "a byte that the guest sent",
        [
            .init("number", .integer, "its number among those that were sent"),
            .init("byte", .text, "the byte where it can be printed, else a dot"),
            .init("labels", .text, "the labels of what it depends on; nothing where that is nothing"),
        ]
    )

    var tables: [ResultTable] { [Self.branches, Self.sent] }

    func pandalogReader() -> (any PandalogTableReader)? { Reader() }

    func read(_ output: AnalysisOutput, into sink: TableSink) throws {
        let name = output.plugin("tainted_net")?.value("file") ?? "tainted_packets.csv"
        guard !name.contains("/"), var lines = TextLines(output.folder / name) else { return }
        try sink.begin(Self.sent)
        var number: Int64 = 0
        while let line = try lines.next() {
            // 0x55679f3d20d0,R, NULL     the datum may be a comma itself
            guard let match = line.wholeMatch(of: /0x[0-9a-f]+,(.),\s*(.*)/) else { continue }
            let labels = match.2.trimmed
            try sink.add(
                [.integer(number), .text(String(match.1)), labels == "NULL" ? nil : .text(labels)],
                to: Self.sent
            )
            number += 1
        }
    }

    private struct Reader: PandalogTableReader {
        func read(_ entry: PandalogEntry, into sink: TableSink) throws {
            guard let branch = entry.fields.message("tainted_branch_summary") else { return }
            try sink.add(
                [
                    .count(entry.instruction), branch.unsigned("asid").map { .address($0) },
                    branch.unsigned("pc").map { .address($0) },
                ],
                to: TaintTables.branches
            )
        }

        func finish(into sink: TableSink) throws { try sink.begin(TaintTables.branches) }
    }
}
