public import Containers
public import HostSupport
import RunRecords

/// Makes the items of a campaign in this process, several at once, until all are made or a signal ends it.
public struct CampaignRunner: Sendable {
    /// The plan.
    public let plan: CampaignPlan
    /// The campaign's folder.
    public let folder: CampaignFolder
    let version: String
    let engines: EngineSource
    let console: Console

    /// Prepares to make a campaign's items.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - folder: The campaign's folder.
    ///   - version: PANDAcap's version, for the records.
    ///   - engines: Where the engine comes from.
    ///   - console: Where progress is told.
    public init(
        plan: CampaignPlan,
        folder: CampaignFolder,
        version: String,
        engines: EngineSource,
        console: Console
    ) {
        self.plan = plan
        self.folder = folder
        self.version = version
        self.engines = engines
        self.console = console
    }

    /// Makes what is still to be made.
    ///
    /// The first signal ends the recordings that are open properly, lets replays come to their end, and begins nothing
    /// any more; a second one does not wait for replays. What was finished is kept in any case.
    ///
    /// - Parameter width: How many items are made at once.
    /// - Returns: How far the campaign is then, and the items that failed without a run that tells of it.
    /// - Throws: ``HostSupport/Failure`` where the campaign cannot be made at all.
    public func run(width: Int) async throws -> CampaignResult {
        Interrupts.take()
        let start = ContinuousClock.now
        try await putRight()
        let control = FleetControl()
        let maker = ItemMaker(
            plan: plan,
            collection: folder.collection,
            workshop: nil,
            version: version,
            engines: engines,
            control: control,
            catalogue: RunIndex(collection: folder.collection, console: console),
            console: console
        )
        let histories = ItemHistory.read(plan.name, in: folder.collection)
        let waiting = plan.items.filter { item in
            histories[item.number]?.outcome(retries: plan.retries) == nil
        }
        let progress = CampaignProgress(
            total: plan.items.count,
            done: plan.items.count - waiting.count,
            console: console
        )
        if waiting.count < plan.items.count {
            console.step("\(plan.items.count - waiting.count) of \(plan.items.count) items were made before")
        }
        let work = ItemWork(waiting)
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await Self.watchSignals(control, work, console) }
            for _ in 0..<min(width, waiting.count) {
                group.addTask { try await Self.make(from: work, maker, control, progress) }
            }
            while !work.isOver {
                progress.draw()
                try await Task.sleep(for: .milliseconds(100))
            }
            group.cancelAll()
        }
        console.endProgress()
        return CampaignResult(
            status: CampaignStatus(plan, in: folder),
            problems: work.problems,
            isInterrupted: control.isDraining,
            seconds: (ContinuousClock.now - start).seconds
        )
    }

    /// Brings to their ends what an earlier process has left, its engines above all.
    private func putRight() async throws {
        guard FileSystem.exists(folder.collection / "runs") else { return }
        let done = try await Reconciler(
            collection: folder.collection,
            engines: engines,
            console: console
        ).run()
        for finding in done.findings {
            console.detail("\(finding.subject): \(finding.note ?? finding.deed.rawValue)")
        }
    }

    private static func make(
        from work: ItemWork,
        _ maker: ItemMaker,
        _ control: FleetControl,
        _ progress: CampaignProgress
    ) async throws {
        while !control.isDraining, let item = work.take() {
            progress.begins()
            let start = ContinuousClock.now
            defer { work.end() }
            let outcome = try await maker.make(item)
            if case .failed(let why) = outcome { work.fails(item, why) }
            progress.ends(item, outcome, after: ContinuousClock.now - start)
        }
    }

    private static func watchSignals(_ control: FleetControl, _ work: ItemWork, _ console: Console)
        async throws
    {
        // The signals themselves, and not what one item is asked for.
        while Interrupts.count == 0 {
            if work.isOver { return }
            try? await Task.sleep(for: .milliseconds(100))
        }
        console.step("ending: recordings are ended, and what is done is replayed; once more does not wait")
        control.drain()
        work.close()
        while Interrupts.count < 2 {
            if work.isOver { return }
            try? await Task.sleep(for: .milliseconds(100))
        }
        control.hurry()
    }
}
