import HostSupport
import Replays
import RunRecords
import Traces

/// What was made of recordings that were not whole, for a person and for a program.
struct SalvageReport: Report {
    struct Result: Encodable {
        let recording: String
        let salvaged: String
        let cutOffset: Int
        let entriesKept: Int
        let entriesDropped: Int
        let bytesDropped: Int
        let instructions: UInt64
        let bytes: Int
        let damage: String?
        let tries: Int
        let verification: Verification?

        init(plan: SalvagePlan, tries: Int = 0, verification: Verification? = nil) {
            recording = plan.item.files.prefix
            salvaged = plan.files.prefix
            cutOffset = plan.salvage.cutOffset
            entriesKept = plan.salvage.entriesKept
            entriesDropped = plan.salvage.entriesDropped
            bytesDropped = plan.salvage.bytesDropped
            instructions = plan.salvage.finalInstructionCount
            bytes = plan.salvage.byteCount
            damage = plan.salvage.damage?.description
            self.tries = tries
            self.verification = verification
        }

        init(_ result: TraceSalvager.Result) {
            self.init(plan: result.plan, tries: result.tries, verification: result.verification)
        }
    }

    let recordings: [Result]
    let whole: [String]
    let isPlan: Bool

    init(results: [Result], whole: [String], isPlan: Bool) {
        recordings = results
        self.whole = whole
        self.isPlan = isPlan
    }

    var text: String {
        let lines = recordings.flatMap { result -> [String] in
            var lines = [
                "\(isPlan ? "would salvage" : "salvaged") \(result.recording) as \(result.salvaged)",
                "  kept       \(result.entriesKept) entries, \(result.instructions) instructions, cut at byte "
                    + "\(result.cutOffset)",
                "  given up   \(result.entriesDropped) whole entries, \(result.bytesDropped) bytes",
            ]
            if let damage = result.damage { lines.append("  damage     \(damage)") }
            if let verification = result.verification {
                let verdict = verification.problem ?? "replayed to its end"
                let tries = result.tries > 1 ? ", at try \(result.tries)" : ""
                lines.append(
                    "  replay     \(verdict), in \(Duration.seconds(verification.seconds).text)\(tries)"
                )
            }
            return lines
        }
        return (lines + whole.map { "\($0) is whole: there is nothing to salvage" }).joined(separator: "\n")
    }
}
