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
        return settings.script(
            String(decoding: PackageResources.campaign_sh, as: UTF8.self),
            submission: arguments(base: 0, tasks: "TASKS"),
            command: command,
            further: ["campaign": campaign.name]
        )
    }

    /// The arguments of `sbatch` for an array.
    ///
    /// - Parameters:
    ///   - base: The item of the task 0.
    ///   - tasks: The tasks, as Slurm writes them.
    /// - Returns: The argument vector.
    func arguments(base: Int, tasks: String) -> [String] {
        settings.arguments(
            script: folder.script,
            job: jobName,
            comment: comment(base: base),
            tasks: tasks,
            base: base
        )
    }
}
