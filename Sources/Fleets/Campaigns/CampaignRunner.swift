public import Capture
public import Containers
import Foundation
public import HostSupport
import RunRecords
import Synchronization

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

    /// Plans a run of each workload with each image of which something is to be made, so that what would make all of
    /// these items fail is told at once.
    ///
    /// - Returns: The plans, in the items' order.
    /// - Throws: ``HostSupport/Failure`` naming what is missing, taken or too small.
    public func check() async throws -> [CapturePlan] {
        let planner = CapturePlanner(version: version, engines: engines)
        let histories = ItemHistory.read(plan.name, in: folder.collection)
        let open = plan.items.filter { histories[$0.number]?.outcome(retries: plan.retries) == nil }
        var seen: Set<[String]> = []
        var plans: [CapturePlan] = []
        for item in open where seen.insert([item.workload, item.image]).inserted {
            var request = try plan.request(
                for: item,
                attempt: 0,
                collection: folder.collection,
                console: console
            )
            // The first run may be there already.
            request.runID = nil
            plans.append(try await planner.plan(request))
        }
        return plans
    }

    /// How many items are made at once.
    ///
    /// - Parameters:
    ///   - jobs: How many the user wants; as the plan says where nothing is said.
    ///   - memory: The memory of the largest machine.
    /// - Returns: The number.
    public func concurrency(jobs: Int?, memory: ByteSize) -> Int {
        if let jobs { return jobs }
        if case .fixed(let number) = plan.concurrency { return number }
        let text = (try? FileSystem.readText("/proc/meminfo")) ?? ""
        return ItemConcurrency.automatic(
            processors: ProcessInfo.processInfo.activeProcessorCount,
            free: ItemConcurrency.availableMemory(text),
            machine: memory
        )
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

/// The items that are still to be made, as those who make them share them.
final class ItemWork: Sendable {
    private struct State {
        var items: ArraySlice<CampaignPlan.Item>
        var going = 0
        var isClosed = false
        var problems: [Int: String] = [:]
    }

    private let state: Mutex<State>

    init(_ items: [CampaignPlan.Item]) {
        state = Mutex(State(items: items[...]))
    }

    /// The next item, which goes on then; nothing where there is none.
    func take() -> CampaignPlan.Item? {
        state.withLock { state in
            guard !state.isClosed, let item = state.items.popFirst() else { return nil }
            state.going += 1
            return item
        }
    }

    /// An item has ended.
    func end() { state.withLock { $0.going -= 1 } }

    /// Hands out no item any more.
    func close() { state.withLock { $0.isClosed = true } }

    /// Whether nothing goes on and nothing is handed out any more.
    var isOver: Bool { state.withLock { $0.going == 0 && ($0.isClosed || $0.items.isEmpty) } }

    /// An item failed, perhaps without a run.
    func fails(_ item: CampaignPlan.Item, _ why: String) {
        state.withLock { $0.problems[item.number] = why }
    }

    /// Why items failed, by their numbers.
    var problems: [Int: String] { state.withLock { $0.problems } }
}
