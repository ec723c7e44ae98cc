import Capture
import Fleets
import HostSupport
import RunRecords

/// A campaign's items, and who makes them.
struct CampaignWork {
    let plan: CampaignPlan
    let folder: CampaignFolder
    let executor: ExecutorOptions
    let engine: EngineOptions
    let container: ContainerOptions
    let console: Console

    /// Makes them, or has them made.
    func run() async throws -> CampaignResult {
        if try executor.usesSlurm(folder) {
            return try await slurm().run(waits: !executor.slurm.noWait)
        }
        let runner = try local()
        let guests = try await runner.check()
        for guest in guests.prefix(1) { SetupWarnings.tell(of: guest.guest, console) }
        let width = runner.concurrency(
            jobs: executor.jobs,
            memory: guests.map(\.record.machine.memory).max() ?? .mebibytes(0)
        )
        console.step("\(plan.name): \(plan.items.count) items, \(width) at once, in \(folder.path)")
        return try await runner.run(width: width)
    }

    /// What would be made.
    func preview() async throws -> CampaignPreview {
        if try executor.usesSlurm(folder) {
            let (script, command) = try await slurm().preview()
            return CampaignPreview(
                plan: plan,
                folder: folder.path,
                width: nil,
                script: script,
                command: command
            )
        }
        let runner = try local()
        let guests = try await runner.check()
        let width = runner.concurrency(
            jobs: executor.jobs,
            memory: guests.map(\.record.machine.memory).max() ?? .mebibytes(0)
        )
        return CampaignPreview(plan: plan, folder: folder.path, width: width, script: nil, command: nil)
    }

    private func local() throws -> CampaignRunner {
        CampaignRunner(
            plan: plan,
            folder: folder,
            version: PandacapVersion.current,
            engines: try container.source(engine),
            console: console
        )
    }

    private func slurm() throws -> SlurmExecutor {
        // What a node would find wrong with them is found here.
        _ = try container.source(engine)
        return SlurmExecutor(
            plan: plan,
            folder: folder,
            settings: executor.slurm.settings(
                try SlurmJobs.read(folder)?.settings,
                itemArguments: (engine.engine.map { ["--engine", $0] } ?? []) + container.words
            ),
            console: console
        )
    }
}
