import Foundation
public import HostSupport
import RunRecords

/// Has a campaign's items made by Slurm, and waits for them.
///
/// The runs' folders tell how far the campaign is, and Slurm which items it still has; this process may die at any time.
public struct SlurmExecutor: Sendable {
    /// The pause between two questions.
    private static let pause = Duration.seconds(2)

    private let plan: CampaignPlan
    private let folder: CampaignFolder
    private let settings: SlurmSettings
    private let console: Console
    private let client = SlurmClient()

    private var script: BatchScript { BatchScript(campaign: plan, folder: folder, settings: settings) }

    /// Prepares to hand items over.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - folder: The campaign's folder.
    ///   - settings: How they are handed over.
    ///   - console: Where progress is told.
    public init(plan: CampaignPlan, folder: CampaignFolder, settings: SlurmSettings, console: Console) {
        self.plan = plan
        self.folder = folder
        self.settings = settings
        self.console = console
    }

    /// The script that Slurm would run for each item, and the command that would submit the first array.
    ///
    /// - Returns: The script's text and the argument vector.
    /// - Throws: ``HostSupport/Failure`` where Slurm does not answer.
    public func preview() async throws -> (script: String, command: [String]) {
        let size = try await client.maximumArraySize()
        let first = Self.arrays(plan.items.map(\.number), size: size)[0]
        return (
            script.text,
            ["sbatch"] + script.arguments(base: first.base, tasks: IndexList.text(first.tasks))
        )
    }

    /// Submits what Slurm does not have yet, and waits until all is made.
    ///
    /// A signal ends the waiting and not what Slurm does.
    ///
    /// - Parameter waits: Whether to wait.
    /// - Returns: How far the campaign is then.
    /// - Throws: ``HostSupport/Failure`` where Slurm does not take the items.
    public func run(waits: Bool) async throws -> CampaignResult {
        Interrupts.take()
        let start = ContinuousClock.now
        try FileSystem.createDirectory(folder.logs)
        var jobs = try SlurmJobs.read(folder) ?? SlurmJobs(settings: settings)
        jobs.settings = settings
        try jobs.write(to: folder)
        try FileSystem.write(script.text, to: folder.script, mode: 0o755)
        var watch = SlurmWatch(plan, in: folder)
        guard let live = try await live() else {
            throw Failure(.unavailable, "squeue does not answer", hint: "try again when Slurm is up")
        }
        let known = Set(live.keys).intersection(watch.open)
        if !known.isEmpty {
            console.step("Slurm has \(known.count) of the items already; waiting for these")
        }
        try await submit(watch.open.subtracting(known).sorted(), &jobs)
        watch.submitted(watch.open)
        var isInterrupted = false
        if waits { isInterrupted = try await wait(&watch, &jobs) }
        console.endProgress()
        return CampaignResult(
            status: CampaignStatus(plan, in: folder),
            problems: watch.problems,
            isInterrupted: isInterrupted,
            seconds: (ContinuousClock.now - start).seconds
        )
    }

    /// Waits until nothing is open any more.
    ///
    /// - Returns: Whether a signal ended the waiting.
    private func wait(_ watch: inout SlurmWatch, _ jobs: inout SlurmJobs) async throws -> Bool {
        let progress = CampaignProgress(
            total: plan.items.count,
            done: plan.items.count - watch.open.count,
            console: console
        )
        let catalogue = RunIndex(collection: folder.collection, console: console)
        var isSilent = false
        while !watch.open.isEmpty {
            let pauseEnd = ContinuousClock.now + Self.pause
            while ContinuousClock.now < pauseEnd {
                guard Interrupts.count == 0 else {
                    console.step(
                        "Slurm goes on without this process; 'pandacap campaign resume' waits again, and 'scancel "
                            + "--name=\(script.jobName)' ends the items"
                    )
                    return true
                }
                progress.draw()
                try await Task.sleep(for: .milliseconds(100))
            }
            // Asked before the runs are looked at: a task that has ended meanwhile has left its run before.
            guard let live = try await live() else {
                if !isSilent { console.warning("squeue does not answer; waiting for it") }
                isSilent = true
                continue
            }
            isSilent = false
            for (item, outcome) in watch.look() {
                progress.finished(plan.items[item], outcome, after: nil)
                enter(item, catalogue)
            }
            progress.going(live.values.count { $0 })
            let again = watch.lost(live: Set(live.keys))
            for item in again.givenUp {
                progress.finished(plan.items[item], .failed(watch.problems[item] ?? ""), after: nil)
            }
            if !again.retried.isEmpty {
                console.warning("Slurm lost \(again.retried.count) items; submitting them again")
                try await submit(again.retried, &jobs)
                watch.submitted(Set(again.retried))
            }
        }
        return false
    }

    /// Enters an item's runs into the collection's catalogue, which the nodes leave alone.
    private func enter(_ item: Int, _ catalogue: RunIndex) {
        for attempt in ItemHistory.read(plan.name, item: item, in: folder.collection).attempts {
            if let record = attempt.record { catalogue.enter(record, attempt.folder) }
        }
    }

    /// The items that Slurm has, and whether they run; nothing where it does not answer now.
    private func live() async throws -> [Int: Bool]? {
        guard let tasks = try await client.tasks(ofJobsNamed: script.jobName) else { return nil }
        var found: [Int: Bool] = [:]
        for task in tasks {
            guard let base = script.base(task.comment) else { continue }
            for number in task.numbers {
                found[base + number] = found[base + number] == true || task.isRunning
            }
        }
        return found
    }

    private func submit(_ items: [Int], _ jobs: inout SlurmJobs) async throws {
        guard !items.isEmpty else { return }
        for array in Self.arrays(items, size: try await client.maximumArraySize()) {
            let tasks = IndexList.text(array.tasks)
            let id = try await client.submit(script.arguments(base: array.base, tasks: tasks))
            jobs.jobs.append(.init(id: id, base: array.base, tasks: tasks))
            try jobs.write(to: folder)
            console.step("submitted \(array.tasks.count) items as the job array \(id)")
        }
    }

    /// Items in arrays whose tasks' numbers are below a size.
    ///
    /// - Parameters:
    ///   - items: The items' numbers.
    ///   - size: Slurm's `MaxArraySize`.
    /// - Returns: The arrays: the item of the task 0, and the tasks.
    public static func arrays(_ items: [Int], size: Int) -> [(base: Int, tasks: [Int])] {
        Dictionary(grouping: items) { $0 / size }.sorted { $0.key < $1.key }.map { chunk, items in
            (chunk * size, items.map { $0 - chunk * size }.sorted())
        }
    }
}
