import HostSupport
import RunRecords
import Traces

/// What looking at recordings has found, for a person and for a program.
struct CheckReport: Report {
    struct Check: Encodable {
        let name: String
        let outcome: String
        let detail: String?

        init(_ item: TraceCheck.Item) {
            name = item.name
            switch item.outcome {
            case .passed(let seen): (outcome, detail) = ("ok", seen)
            case .failed: (outcome, detail) = ("failed", nil)
            case .skipped(let reason): (outcome, detail) = ("not checked", reason)
            }
        }
    }

    struct Finding: Encodable {
        let code: String
        let severity: String
        let file: String
        let offset: Int?
        let entry: Int?
        let count: Int
        let message: String

        init(_ finding: TraceFinding) {
            code = finding.code.description
            severity = finding.severity.rawValue
            file = finding.file.rawValue
            offset = finding.offset
            entry = finding.entry
            count = finding.count
            message = finding.message
        }
    }

    struct Result: Encodable {
        private enum CodingKeys: CodingKey {
            case recording, isSound, checks, findings, instructions, entries, seconds, replays
        }

        let recording: String
        let isSound: Bool
        let checks: [Check]
        let findings: [Finding]
        let instructions: UInt64?
        let entries: Int?
        let seconds: Double
        let replays: [Verification]
        let lines: [String]
        let canBeSalvaged: Bool

        init(
            _ prefix: String,
            _ examination: TraceExamination,
            seconds: Double,
            replays: [Verification],
            isAsked: Bool
        ) {
            let check = examination.check
            recording = prefix
            isSound = check.isSound
            findings = check.findings.map { Finding($0) }
            instructions = examination.log?.finalInstructionCount
            entries = examination.log?.total.entries
            self.seconds = seconds
            self.replays = replays
            lines = check.findings.map { "  \($0)" }
            var items = check.items
            if replays.isEmpty {
                let reason = isAsked ? "the files are damaged" : "--replay asks for it"
                items.append(.init("replay", .skipped(reason)))
            } else {
                let times = replays.map { Duration.seconds($0.seconds).text }.joined(separator: ", ")
                items.append(
                    .init(
                        "replay",
                        CheckReport.replayed(replays) ? .passed("to its end, in \(times)") : .failed
                    )
                )
            }
            checks = items.map { Check($0) }
            let isOfSnapshot = check.findings.contains { $0.severity == .error && $0.file == .snapshot }
            canBeSalvaged =
                !isSound && !isOfSnapshot && (examination.log.map { $0.state != .complete } ?? false)
        }
    }

    let recordings: [Result]

    /// Whether all replays came to the end; those that did not agree, did not.
    static func replayed(_ replays: [Verification]) -> Bool { replays.allSatisfy { $0.verdict == .replayed } }

    var exitCode: Int32 {
        guard recordings.allSatisfy(\.isSound) else { return Failure.Code.badData.exitCode }
        return ReplayExitCode.of(recordings.flatMap(\.replays).map(\.verdict))
    }

    var text: String {
        recordings.map { result in
            let table = Table(
                header: ["CHECKED", "RESULT", "SEEN"],
                rows: result.checks.map { [$0.name, $0.outcome, $0.detail ?? ""] }
            )
            let verdicts = result.replays.compactMap(\.problem).map { "  error: replay: \($0)" }
            let hint =
                result.canBeSalvaged
                ? ["hint: pandacap trace salvage \(shellQuoted(result.recording))"] : []
            let state = result.isSound && verdicts.isEmpty ? "sound" : "not sound"
            return
                (["\(result.recording): \(state), in \(Duration.seconds(result.seconds).text)", table.text]
                + result.lines + verdicts + hint).joined(separator: "\n")
        }.joined(separator: "\n\n")
    }
}
