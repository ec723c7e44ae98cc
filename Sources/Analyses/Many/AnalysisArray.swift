public import Fleets
import Foundation
public import HostSupport
import RunRecords

/// Has runs analysed by Slurm, a task of a job array each, and waits for them.
///
/// The analyses' folders tell what is done, and Slurm which runs it still has; this process may die at any time.
public struct AnalysisArray: Sendable {
    private static let pause = Duration.seconds(1)

    private let folder: HostPath
    private let command: [String]
    private let settings: SlurmSettings
    private let console: Console
    private let client = SlurmClient()

    /// Prepares to hand runs over.
    ///
    /// - Parameters:
    ///   - folder: The folder for the list, the script and the logs.
    ///   - command: The command line of a task, to which `--run RUN` is added.
    ///   - settings: How they are handed over.
    ///   - console: Where progress is told.
    public init(folder: HostPath, command: [String], settings: SlurmSettings, console: Console) {
        self.folder = FileSystem.absolute(folder)
        self.command = command
        self.settings = settings
        self.console = console
    }

    private var list: HostPath { folder / "runs.txt" }
    private var script: HostPath { folder / "analyse.sh" }
    private var logs: HostPath { folder / "logs" }
    private var jobName: String { "pandacap-analyse" }
    private func comment(_ base: Int) -> String { "pandacap-analyse:\(base):\(folder)" }

    /// The script and the first submission, for who wants to see them.
    ///
    /// - Parameter runs: The runs that are left.
    /// - Returns: The script's text, and the argument vector.
    /// - Throws: ``HostSupport/Failure`` where Slurm does not answer.
    public func preview(_ runs: [String]) async throws -> (script: String, command: [String]) {
        let size = try await client.maximumArraySize()
        let first = SlurmExecutor.arrays(Array(runs.indices), size: size).first
        return (text, ["sbatch"] + arguments(first?.base ?? 0, IndexList.text(first?.tasks ?? [])))
    }

    /// Submits runs that Slurm does not have yet, and waits until it has none any more.
    ///
    /// - Parameters:
    ///   - runs: All runs of the analysis, of which the numbers follow.
    ///   - left: Which of them are to be analysed.
    ///   - waits: Whether to wait.
    /// - Returns: Whether nothing is left to wait for; a signal ends the waiting and not what Slurm does.
    /// - Throws: ``HostSupport/Failure`` where Slurm does not take them.
    public func run(_ runs: [String], left: [String], waits: Bool) async throws -> Bool {
        try FileSystem.createDirectory(logs)
        let known = try await live(Self.lines(list)) ?? [:]
        let open = left.filter { known[$0] == nil }
        if !known.isEmpty { console.step("Slurm has \(known.count) of the runs already; waiting for these") }
        if !open.isEmpty {
            // What Slurm has goes by the numbers in the list as it was: runs are only added to it.
            let lines = try Self.lines(list)
            let all = lines + runs.filter { !lines.contains($0) }
            try FileSystem.write(all.map { $0 + "\n" }.joined(), to: list)
            try FileSystem.write(text, to: script, mode: 0o755)
            let wanted = Set(open)
            let numbers = all.indices.filter { wanted.contains(all[$0]) }
            for array in SlurmExecutor.arrays(numbers, size: try await client.maximumArraySize()) {
                let id = try await client.submit(arguments(array.base, IndexList.text(array.tasks)))
                console.step("submitted \(array.tasks.count) runs as the job array \(id)")
            }
        }
        guard waits else { return false }
        return try await wait(total: left.count)
    }

    private func wait(total: Int) async throws -> Bool {
        var isSilent = false
        while true {
            let end = ContinuousClock.now + Self.pause
            while ContinuousClock.now < end {
                guard Interrupts.count == 0 else {
                    console.endProgress()
                    console.step("Slurm goes on without this process; the same command waits again")
                    return false
                }
                try await Task.sleep(for: .milliseconds(100))
            }
            guard let live = try await live(Self.lines(list)) else {
                if !isSilent { console.warning("squeue does not answer; waiting for it") }
                isSilent = true
                continue
            }
            isSilent = false
            guard !live.isEmpty else {
                console.endProgress()
                return true
            }
            console.progress(
                "\(total - live.count) of \(total) analysed, \(live.values.count { $0 }) at work in Slurm"
            )
        }
    }

    /// The runs that Slurm has, and whether they are at work; nothing where it does not answer now.
    private func live(_ runs: [String]) async throws -> [String: Bool]? {
        guard let tasks = try await client.tasks(ofJobsNamed: jobName) else { return nil }
        var found: [String: Bool] = [:]
        for task in tasks {
            let parts = task.comment.split(separator: ":", maxSplits: 2)
            guard parts.count == 3, let base = Int(parts[1]), task.comment == comment(base) else { continue }
            for number in task.numbers where runs.indices.contains(base + number) {
                found[runs[base + number]] = task.isRunning
            }
        }
        return found
    }

    private static func lines(_ path: HostPath) throws -> [String] {
        guard FileSystem.exists(path) else { return [] }
        return try FileSystem.readText(path).split(separator: "\n").map(String.init)
    }

    private var text: String {
        settings.script(
            String(decoding: PackageResources.analyse_sh, as: UTF8.self),
            submission: arguments(0, "TASKS"),
            command: command,
            further: ["runs": shellQuoted(list.string)]
        )
    }

    private func arguments(_ base: Int, _ tasks: String) -> [String] {
        settings.arguments(script: script, job: jobName, comment: comment(base), tasks: tasks, base: base)
    }
}
