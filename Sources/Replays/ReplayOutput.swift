import PandaEngine

/// What the engine has printed of a replay so far (panda/src/rr/rr_log.c: `replay_progress`, `rr_do_end_replay`).
struct ReplayOutput: Sendable {
    /// How far the replay is, from 0 to 100.
    private(set) var percent = 0.0
    /// Whether the engine said that the replay came to its end.
    private(set) var isComplete = false
    /// The first line that says why it did not.
    private(set) var problem: String?
    /// How long the engine says it has replayed, in seconds.
    private(set) var seconds = 0.0
    private var rest = ""
    private var lastWords = ""

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
        // Why a plugin does not want to be loaded, it says on the line before (panda/src/common.c).
        if problem == nil, line.contains("Unable to load plugin"), let plugin = Self.pluginName(line) {
            problem = "the plugin '\(plugin)' could not begin: \(lastWords)"
        }
        if !line.contains("instrs."), !line.isEmpty { lastWords = String(line.prefix(300)) }
        if problem == nil, Self.complaints.contains(where: line.contains) {
            problem = String(line.prefix(300))
        }
        // "NAME:  1234 ( 12.00%) instrs. ..."
        guard line.contains("instrs."), let open = line.lastIndex(of: "("),
            let close = line[open...].firstIndex(of: "%")
        else { return }
        let digits = line[line.index(after: open)..<close].drop { $0 == " " }
        if let value = Double(digits), value.isFinite { percent = min(max(value, 0), 100) }
        if let match = line[close...].firstMatch(of: /instrs\.\s+([0-9.]{1,12}) sec\./),
            let value = Double(match.1), value.isFinite
        {
            seconds = value
        }
    }

    /// How long the rest will take at the pace so far; nothing where that cannot be told yet.
    var remaining: Duration? {
        guard percent >= 2, percent < 100, seconds > 0 else { return nil }
        return .seconds(min(seconds * (100 - percent) / percent, 1e8))
    }

    /// The name in `.../panda_NAME.so'`.
    private static func pluginName(_ line: Substring) -> Substring? {
        line.firstMatch(of: /panda_([A-Za-z0-9_]{1,60})\.so/)?.1
    }
}
