import Foundation
import HostSupport

/// What Slurm runs for each item, and how it is submitted.
struct BatchScript: Sendable {
    let campaign: CampaignPlan
    let folder: CampaignFolder
    let settings: SlurmSettings

    /// The job's name in Slurm's lists.
    var jobName: String { "pandacap-\(campaign.name)" }

    /// What tells the arrays of this campaign from others', and which items they make.
    func comment(base: Int) -> String { "pandacap:\(base):\(folder.path)" }

    /// The item of the task 0 that a comment tells of; nothing where it is of another campaign.
    func base(_ comment: String) -> Int? {
        let parts = comment.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "pandacap", parts[2] == folder.path.string else { return nil }
        return Int(parts[1]).flatMap { $0 >= 0 ? $0 : nil }
    }

    /// The script.
    var text: String {
        let command =
            [settings.program.string, "campaign", "item", folder.path.string]
            + (settings.nodeLocal.map { ["--node-local", $0.string] } ?? []) + settings.itemArguments
        let environment = settings.environment.sorted { $0.key < $1.key }
            .map { "export \($0.key)=\(shellQuoted($0.value))" }
        let values = [
            "campaign": campaign.name,
            "submission": shellLine(["sbatch"] + arguments(base: 0, tasks: "TASKS"))
                .split(whereSeparator: \.isNewline).joined(separator: " "),
            "environment": environment.joined(separator: "\n"),
            "command": shellLine(command),
        ]
        return Self.template.replacing(/{{([a-z]+)}}/) { values[String($0.1)] ?? "" }
    }

    /// The arguments of `sbatch` for an array.
    ///
    /// - Parameters:
    ///   - base: The item of the task 0.
    ///   - tasks: The tasks, as Slurm writes them.
    /// - Returns: The argument vector.
    func arguments(base: Int, tasks: String) -> [String] {
        let throttle = settings.throttle.map { "%\($0)" } ?? ""
        var words = [
            "--parsable", "--job-name=\(jobName)", "--comment=\(comment(base: base))",
            "--array=\(tasks)\(throttle)", "--requeue", "--open-mode=append", "--ntasks=1",
            "--cpus-per-task=1", "--chdir=\(folder.path)", "--output=\(folder.logs.name)/%A_%a.log",
        ]
        if let partition = settings.partition { words.append("--partition=\(partition)") }
        if let time = settings.time { words.append("--time=\(time)") }
        if let memory = settings.memory { words.append("--mem=\(memory)") }
        return words + settings.arguments + [folder.script.string, "\(base)"]
    }

    private static var template: String {
        String(decoding: PackageResources.campaign_sh, as: UTF8.self)
    }
}
