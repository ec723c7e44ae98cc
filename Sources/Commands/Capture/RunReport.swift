import Capture
import Foundation
import GuestImages
import HostSupport
import Replays
import RunRecords

/// A run, for a person and for a program.
struct RunReport: Report {
    let record: RunRecord
    let folder: HostPath

    var text: String {
        var lines = [
            "run \(record.id): \(record.state.rawValue)" + (record.reason.map { ": \($0)" } ?? ""),
            "  folder     \(folder)",
            "  guest      \(record.image.name), \(record.machine.architecture.rawValue), "
                + "\(record.machine.memory), \(record.trigger.rawValue)",
        ]
        for command in record.commands {
            let status = command.status.map { "status \($0)" } ?? "no status came back"
            lines.append("  command    \(shellLine(command.arguments)): \(status)")
        }
        for recording in record.recordings { lines += text(of: recording) }
        if let refused = record.refused, refused.packets > 0 {
            let most = refused.destinations.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3).map(
                \.key
            )
            lines.append("  refused    \(refused.packets) packets, to \(most.joined(separator: ", "))")
        }
        if let marks = record.marks { lines.append("  marks      \(marks.joined(separator: ", "))") }
        if let bytes = FileSystem.size(RunFolder(folder).packets) {
            lines.append("  packets    \(RunFolder(folder).packets), \(ByteSize(bytes: bytes))")
        }
        if record.recordings.contains(where: { $0.structure == .complete }) {
            lines.append("  replay it  pandacap replay \(shellQuoted(folder.string))")
        }
        return lines.joined(separator: "\n")
    }

    private func text(of recording: Recording) -> [String] {
        let sizes = [("snapshot", recording.snapshot), ("log", recording.log)].compactMap { name, file in
            file.map { "\(name) \(ByteSize(bytes: $0.bytes))" }
        }
        var lines = ["  recording  \(recording.name): \(sizes.joined(separator: ", "))"]
        if let instructions = recording.instructions {
            var length = "             \(instructions) instructions, \(recording.entries ?? 0) log entries"
            if let started = recording.started, let ended = recording.ended {
                length += ", \(Duration.seconds(ended.timeIntervalSince(started)).text)"
            }
            lines.append(length)
        }
        if let problem = recording.problem { lines.append("             \(problem)") }
        if let verification = recording.verification {
            let verdict = verification.problem ?? "replayed to its end"
            lines.append("             \(verdict), in \(Duration.seconds(verification.seconds).text)")
        }
        return lines
    }
}

/// The plan of a run that is not made.
struct CapturePlanReport: Report {
    let plan: CapturePlan

    func encode(to encoder: any Encoder) throws { try plan.encode(to: encoder) }

    var text: String {
        """
        run \(plan.record.id)
          folder   \(plan.folder)
          private  \(plan.guest.runtimeFolder)
          login    \(shellLine(plan.loginCommand))
          engine   \(plan.record.command.shellText)
        """ + disk + bundle
    }

    private var bundle: String {
        guard let bundle = plan.guest.bundle else { return "" }
        return
            "\n  bundle   \(bundle.record.folder), as \(bundle.delivery == .archive ? "an archive" : "a disk")"
    }

    private var disk: String {
        if let disk = plan.guest.disk, let base = disk.layers.last {
            return "\n  disk     \(disk.path), over \(base)"
        }
        return plan.guest.writtenDisk.map { "\n  disk     \($0) itself" } ?? ""
    }
}

/// The plan of a replay that is not made.
struct ReplayPlanReport: Report {
    let plans: [ReplayPlan]

    var text: String {
        plans.map { "\($0.name)\n  log      \($0.log)\n  engine   \($0.command.shellText)" }.joined(
            separator: "\n"
        )
    }
}
