import HostSupport
import RunRecords

extension AnalysisPreset {
    static let strings = AnalysisPreset(
        "strings",
        "which code read or wrote a text that --find gives",
        plugins: [PluginRequest("stringsearch")],
        withoutProfile: [PluginRequest("stringsearch")],
        needsText: true,
        source: StringTables()
    )
}

/// A table of what `stringsearch` finds: panda/plugins/stringsearch/stringsearch.cpp.
struct StringTables: TableSource {
    static let matches = ResultTable(
        "string_matches",
        "a place in the guest's code at which the text passed",
        [
            .init("pc", .text, "the code that read or wrote it"),
            .init("callers", .text, "the callers, the nearest last"),
            .init("pid", .integer, "the process; nothing without a profile"),
            .init("tid", .integer, "the thread; nothing without a profile"),
            .init("in_kernel", .boolean, "whether the kernel ran; nothing without a profile"),
            .init("asid", .text, "the address space, where there is no profile"),
            .init("matches", .integer, "how often it passed there"),
        ]
    )

    var tables: [ResultTable] { [Self.matches] }

    func read(_ output: AnalysisOutput, into sink: TableSink) throws {
        let prefix = output.plugin("stringsearch")?.value("name") ?? ""
        guard !prefix.contains("/"), var lines = TextLines(output.folder / "\(prefix)_string_matches.txt")
        else {
            return
        }
        try sink.begin(Self.matches)
        var unread = 0
        while let line = try lines.next() {
            guard let row = Self.row(line) else {
                unread += 1
                continue
            }
            try sink.add(row, to: Self.matches)
        }
        if unread > 0 { try sink.warn("\(unread) lines are no matches", of: Self.matches) }
    }

    /// `CALLER... PC (processID=0x.., threadID=0x.., isKernelMode=..)  COUNT`, or `(asid=0x..)` in between.
    static func row(_ line: String) -> [ResultTable.Cell?]? {
        guard let open = line.firstIndex(of: "("), let close = line.lastIndex(of: ")"), open < close else {
            return nil
        }
        let code = line[..<open].split(separator: " ").map { UInt64($0, radix: 16) }
        let counts = line[line.index(after: close)...].split(separator: " ").map { Int64($0) }
        guard !code.contains(nil), let pc = code.last ?? nil, let count = counts.first ?? nil else {
            return nil
        }
        let place = line[open...close]
        func number(_ name: String) -> UInt64? {
            guard let start = place.firstRange(of: name + "=0x") else { return nil }
            return UInt64(place[start.upperBound...].prefix { $0.isHexDigit }, radix: 16)
        }
        let isKernel =
            place.contains("isKernelMode=true") ? true : place.contains("isKernelMode=false") ? false : nil
        return [
            .address(pc),
            .text(
                code.dropLast().compactMap { $0 }.map { "0x" + String($0, radix: 16) }.joined(separator: " ")
            ),
            number("processID").map { .count($0) }, number("threadID").map { .count($0) },
            isKernel.map { .boolean($0) }, number("asid").map { .address($0) }, .integer(count),
        ]
    }
}
