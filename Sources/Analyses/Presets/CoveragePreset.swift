import HostSupport
import RunRecords

extension AnalysisPreset {
    static let coverage = AnalysisPreset(
        "coverage",
        "which code ran: each basic block once for each process",
        plugins: [PluginRequest("coverage", ["mode=osi-block", "filename=coverage.csv"])],
        withoutProfile: [PluginRequest("coverage", ["mode=asid-block", "filename=coverage.csv"])],
        source: CoverageTables()
    )
}

/// A table of what `coverage` writes: panda/plugins/coverage.
struct CoverageTables: TableSource {
    static let blocks = ResultTable(
        "blocks",
        "a basic block that ran",
        [
            .init(
                "process",
                .text,
                "the process' name; (kernel) where the kernel ran; nothing without a profile"
            ),
            .init("pid", .integer, "its number; nothing without a profile"),
            .init("tid", .integer, "the thread; nothing without a profile"),
            .init("asid", .text, "the address space, where there is no profile"),
            .init("in_kernel", .boolean, "whether the kernel ran"),
            .init("address", .text, "where the block begins"),
            .init("size", .integer, "its size in bytes"),
        ]
    )

    var tables: [ResultTable] { [Self.blocks] }

    func read(_ output: AnalysisOutput, into sink: TableSink) throws {
        let name = output.plugin("coverage")?.value("filename") ?? "coverage.csv"
        // The argument is a user's; what lies elsewhere is none of the outputs.
        guard !name.contains("/"), var lines = TextLines(output.folder / name) else { return }
        let header = try (0..<4).compactMap { _ in try lines.next() }
        let isOfProcesses =
            header.last == "process name,process id,thread id,in kernel,block address,block size"
        guard isOfProcesses || header.last == "asid,in kernel,block address,block size" else { return }
        try sink.begin(Self.blocks)
        var unread = 0
        while let line = try lines.next() {
            guard let row = isOfProcesses ? Self.ofProcess(line) : Self.ofSpace(line) else {
                unread += 1
                continue
            }
            try sink.add(row, to: Self.blocks)
        }
        if unread > 0 { try sink.warn("\(unread) lines of \(name) are no blocks", of: Self.blocks) }
    }

    /// `NAME,PID,TID,IN KERNEL,ADDRESS,SIZE`, where the name is the guest's and may have commas in it.
    static func ofProcess(_ line: String) -> [ResultTable.Cell?]? {
        let parts = line.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count >= 6 else { return nil }
        let last = Array(parts.suffix(5))
        guard let pid = Int64(last[0]), let tid = Int64(last[1]), let block = block(last[2...]) else {
            return nil
        }
        let name = parts.dropLast(5).joined(separator: ",")
        return [.text(name), .integer(pid), .integer(tid), nil] + block
    }

    /// `ASID,IN KERNEL,ADDRESS,SIZE`.
    static func ofSpace(_ line: String) -> [ResultTable.Cell?]? {
        let parts = line.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 4, let asid = address(parts[0]), let block = block(parts[1...]) else {
            return nil
        }
        return [nil, nil, nil, .address(asid)] + block
    }

    private static func block(_ parts: ArraySlice<Substring>) -> [ResultTable.Cell?]? {
        let parts = Array(parts)
        guard parts.count == 3, let address = address(parts[1]), let size = Int64(parts[2]),
            parts[0] == "0" || parts[0] == "1"
        else { return nil }
        return [.boolean(parts[0] == "1"), .address(address), .integer(size)]
    }

    private static func address(_ text: Substring) -> UInt64? {
        text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : nil
    }
}
