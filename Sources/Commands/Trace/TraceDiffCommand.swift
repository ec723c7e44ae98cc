import ArgumentParser
import HostSupport
import Replays
import Traces

struct TraceDiffCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Find where the logs of two recordings part",
        discussion: """
            Addresses in the emulator are not compared: they differ from run to run. Exits with 1 where the logs differ.

            Examples:
              $ pandacap trace diff RUN-ID OTHER-RUN-ID
              $ pandacap trace diff a/rr/session_000 b/rr/session_000 --context 10
            """
    )

    @Argument(help: "A run with one recording, or a recording.")
    var first: String

    @Argument(help: "Another.")
    var second: String

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder that a run's id is looked up in.", valueName: "folder"),
        completion: .directory
    )
    var collection = "traces"

    @Option(help: ArgumentHelp("How many entries before and after to show.", valueName: "count"))
    var context = 5

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (0...10_000).contains(context) else { throw ValidationError("--context takes 0 to 10000") }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let folder = HostPath(collection)
        return try await TraceSource.lend(first, collection: folder, console: console) { one in
            try await TraceSource.lend(second, collection: folder, console: console) { other in
                let logs = (try OpenedLog(try one.single()), try OpenedLog(try other.single()))
                for problem in logs.0.problems + logs.1.problems { console.warning(problem) }
                let report = DifferenceReport(logs.0.log, logs.1.log, context: context)
                try print(report)
                return report.areEqual ? 0 : 1
            }
        }
    }
}

/// Where two logs part.
private struct DifferenceReport: Report {
    struct Entry: Encodable {
        let number: Int
        let offset: Int
        let instruction: UInt64
        let callsite: String
        let entry: String

        init(_ entry: NondetEntry) {
            number = entry.index
            offset = entry.range.lowerBound
            instruction = entry.instructionCount
            callsite = entry.callsite.name
            let data = entry.dataRange.isEmpty ? "" : ", \(entry.dataRange.count) bytes"
            self.entry = "\(entry.payload.withoutHostAddresses.text)\(data)"
        }

        func row(_ mark: String) -> [String] {
            [mark, "\(number)", "\(offset)", "\(instruction)", callsite, entry]
        }
    }

    let areEqual: Bool
    let equalEntries: Int
    let equalInstructions: UInt64
    let difference: String?
    let before: [Entry]
    let first: [Entry]
    let second: [Entry]

    init(_ one: NondetLog, _ other: NondetLog, context: Int) {
        let found = one.difference(from: other)
        areEqual = found == nil
        let summary = found == nil ? one.survey() : nil
        equalEntries = found?.equalEntries ?? summary?.total.entries ?? 0
        equalInstructions = found?.equalInstructions ?? summary?.finalInstructionCount ?? 0
        difference = found.map { $0.aspect.text }
        let place = found?.equalEntries ?? 0
        before = found == nil ? [] : Self.entries(of: one, max(0, place - context)..<place)
        first = found == nil ? [] : Self.entries(of: one, place..<place + context + 1)
        second = found == nil ? [] : Self.entries(of: other, place..<place + context + 1)
    }

    private static func entries(of log: NondetLog, _ numbers: Range<Int>) -> [Entry] {
        var entries: [Entry] = []
        var reader = log.makeReader()
        while reader.entriesRead < numbers.upperBound, let entry = try? reader.next() {
            if entry.index >= numbers.lowerBound { entries.append(Entry(entry)) }
        }
        return entries
    }

    var text: String {
        guard let difference else {
            return "the logs are alike: \(equalEntries) entries, \(equalInstructions) instructions"
        }
        let rows = before.map { $0.row("") } + first.map { $0.row("-") } + second.map { $0.row("+") }
        let header = ["", "ENTRY", "BYTE", "INSTRUCTION", "CALL SITE", "WHAT"]
        return
            "alike for \(equalEntries) entries, up to instruction \(equalInstructions); then \(difference)\n"
            + Table(header: header, rows: rows).text
    }
}

extension NondetLogDifference.Aspect {
    /// What differs, as the end of a sentence that begins with "then".
    fileprivate var text: String {
        switch self {
        case .end(ofFirst: true): "the first log ends"
        case .end(ofFirst: false): "the second log ends"
        case .instructionCount: "the counts of instructions differ"
        case .kind: "the kinds of entries differ"
        case .callsite: "the call sites differ"
        case .payload: "what the entries hold differs"
        case .data(let offset): "the entries' data differ, first at byte \(offset) of them"
        }
    }
}
