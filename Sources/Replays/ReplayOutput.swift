import PandaEngine

/// What the engine has printed of a replay so far (panda/src/rr/rr_log.c: `replay_progress`, `rr_do_end_replay`).
struct ReplayOutput: Sendable {
    /// How far the replay is, from 0 to 100.
    private(set) var percent = 0.0
    /// Whether the engine said that the replay came to its end.
    private(set) var isComplete = false
    /// The first line that says why it did not.
    private(set) var problem: String?
    private var rest = ""

    /// How the engine begins or words its complaints about a replay that departs from its log.
    private static let complaints = [
        "ERROR: replay failed", "Ahead of log", "FOUND DISAGREEMENT", "guest instruction counts disagree",
        "rr_assertion", "Assertion", "Failed to load vmstate", "Unknown savevm section", "infinite loop",
        "is not installed here", "Length mismatch", "Size mismatch", "\(OwnPlugin.guestEvents.name): ",
    ]

    /// Takes in more of what was printed.
    mutating func read(_ text: String) {
        // The rest is cut off once and not at each line: a plugin may print a megabyte of short ones at a time.
        let lines = (rest + text).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for line in lines.dropLast() { readLine(line) }
        // A plugin may print without ever ending its line.
        rest = lines.last.map { $0.utf8.count > 4096 ? "" : String($0) } ?? ""
    }

    private mutating func readLine(_ line: Substring) {
        if line.contains("Replay completed successfully") { isComplete = true }
        if problem == nil, Self.complaints.contains(where: line.contains) {
            problem = String(line.prefix(300))
        }
        // "NAME:  1234 ( 12.00%) instrs. ..."
        guard line.contains("instrs."), let open = line.lastIndex(of: "("),
            let close = line[open...].firstIndex(of: "%")
        else { return }
        let digits = line[line.index(after: open)..<close].drop { $0 == " " }
        if let value = Double(digits), value.isFinite { percent = min(max(value, 0), 100) }
    }
}
