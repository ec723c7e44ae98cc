public import HostSupport
import Replays
import RunRecords
import Synchronization

/// Analyses many recordings, as many at once as there are processors and memory for.
///
/// The analyses' own folders tell what is done, so that the same request goes on where an earlier one stopped.
public struct AnalysisQueue: Sendable {
    private let planner: AnalysisPlanner
    private let again: Bool
    private let console: Console

    /// Creates a queue.
    ///
    /// - Parameters:
    ///   - planner: What makes the plans.
    ///   - again: Whether analyses that are there are made anew.
    ///   - console: Where progress is told.
    public init(planner: AnalysisPlanner, again: Bool = false, console: Console) {
        self.planner = planner
        self.again = again
        self.console = console
    }

    /// How many analyses run at once: as many as there are processors, and as memory is there for.
    ///
    /// An engine takes the guest's memory, and what its plugins and its translated code need.
    ///
    /// - Parameters:
    ///   - wanted: What the user asks for.
    ///   - items: What is to be analysed.
    /// - Returns: The number, at least 1.
    public static func width(_ wanted: Int?, _ items: [AnalysisItem]) -> Int {
        if let wanted { return max(1, wanted) }
        let guest = items.map(\.record.machine.memory).max() ?? .mebibytes(0)
        return HostCapacity.jobs(each: guest, .mebibytes(512))
    }

    /// Analyses recordings; one that cannot be analysed does not keep the others from it.
    ///
    /// - Parameters:
    ///   - items: The recordings.
    ///   - width: How many at once.
    /// - Returns: What came of each, in the order of the items.
    /// - Throws: ``HostSupport/Failure`` with `interrupted` where a signal came: what is done stays.
    public func run(_ items: [AnalysisItem], width: Int) async throws -> [AnalysisItemResult] {
        let progress = QueueProgress(total: items.count, console: console)
        var results: [AnalysisItemResult?] = Array(repeating: nil, count: items.count)
        try await withThrowingTaskGroup(of: (Int, AnalysisItemResult).self) { group in
            var next = 0
            func start() {
                guard next < items.count, Interrupts.count == 0 else { return }
                let (number, item) = (next, items[next])
                next += 1
                group.addTask { (number, try await analyse(item, progress)) }
            }
            for _ in 0..<width { start() }
            do {
                while let (number, result) = try await group.next() {
                    results[number] = result
                    progress.finished(items[number].title, result)
                    start()
                }
            } catch let failure as Failure where failure.code == .interrupted {
                // The signal reaches the others, too; what is done is told below.
            }
        }
        console.endProgress()
        guard Interrupts.count == 0 else {
            throw Failure(
                .interrupted,
                "interrupted; \(results.count { $0 != nil }) of \(items.count) are done",
                hint: "the same command goes on where it was"
            )
        }
        return results.compactMap { $0 }
    }

    /// The recordings that are not analysed yet, as far as that can be told without trying.
    ///
    /// - Parameter items: The recordings.
    /// - Returns: Those that are left.
    /// - Throws: ``HostSupport/Failure`` with `interrupted`.
    public func left(_ items: [AnalysisItem]) async throws -> [AnalysisItem] {
        var left: [AnalysisItem] = []
        for item in items {
            guard Interrupts.count == 0 else { throw Failure(.interrupted, "interrupted") }
            let identity = try? await planner.identity(item.recording, of: item.record, in: item.folder)
            if identity?.finished == nil { left.append(item) }
        }
        return left
    }

    /// Looks at what others have made of recordings.
    ///
    /// - Parameters:
    ///   - items: The recordings.
    ///   - logs: Where is told what went wrong.
    /// - Returns: What came of each.
    /// - Throws: ``HostSupport/Failure`` where a manifest is damaged.
    public func collect(_ items: [AnalysisItem], logs: HostPath) async throws -> [AnalysisItemResult] {
        var results: [AnalysisItemResult] = []
        for item in items {
            do {
                let identity = try await planner.identity(item.recording, of: item.record, in: item.folder)
                guard let manifest = try AnalysisManifest.read(from: identity.folder),
                    manifest.key == identity.key
                else { throw Failure(.system, "its task made nothing", hint: "see \(logs)") }
                results.append(AnalysisItemResult(item, manifest, identity.folder, isKept: false))
            } catch let failure as Failure {
                results.append(AnalysisItemResult(item, failure))
            }
        }
        return results
    }

    private func analyse(_ item: AnalysisItem, _ progress: QueueProgress) async throws -> AnalysisItemResult {
        do {
            let identity = try await planner.identity(item.recording, of: item.record, in: item.folder)
            if !again, let manifest = identity.finished {
                identity.removeLeftDraft()
                return AnalysisItemResult(item, manifest, identity.folder, isKept: true)
            }
            return try await item.withFiles(console) { folder in
                let plan = try await planner.plan(identity, of: item.record, in: folder)
                let outcome = try await Analysis(plan: plan, console: console.named(item.title)) { percent in
                    progress.moved(item.title, percent)
                }.run(again: again)
                return AnalysisItemResult(item, outcome.manifest, identity.folder, isKept: outcome.isKept)
            }
        } catch let failure as Failure where failure.code != .interrupted {
            return AnalysisItemResult(item, failure)
        }
    }
}

extension AnalysisItemResult {
    init(_ item: AnalysisItem, _ manifest: AnalysisManifest, _ folder: HostPath, isKept: Bool) {
        self.init(
            run: item.folder.path.name,
            recording: item.recording.name,
            state: isKept ? .kept : manifest.state == .finished ? .finished : .failed,
            problem: manifest.problem,
            exitCode: manifest.state == .finished
                ? 0 : manifest.exitCode ?? Failure.Code.diverged.exitCode,
            folder: folder,
            seconds: manifest.seconds,
            instructions: manifest.instructions
        )
    }

    init(_ item: AnalysisItem, _ failure: Failure) {
        self.init(
            run: item.folder.path.name,
            recording: item.recording.name,
            state: .failed,
            problem: failure.description,
            exitCode: failure.code.exitCode,
            folder: nil,
            seconds: 0,
            instructions: item.recording.instructions
        )
    }
}

/// How far many analyses are, on one line.
final class QueueProgress: Sendable {
    private struct State {
        var done = 0
        var going: [String: Double] = [:]
    }

    private let total: Int
    private let console: Console
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    init(total: Int, console: Console) {
        self.total = total
        self.console = console
    }

    /// An analysis has come so far.
    func moved(_ title: String, _ percent: Double) {
        let (done, part) = state.withLock { state in
            state.going[title] = percent
            return (state.done, state.going.values.reduce(0, +) / 100)
        }
        let share = (Double(done) + part) / Double(max(total, 1))
        let left: String
        if share > 0.02 {
            let rest = (ContinuousClock.now - start).seconds * (1 - share) / share
            left = ", \(Duration.seconds(rest).text) left"
        } else {
            left = ""
        }
        console.progress("\(done) of \(total) analysed, \(Int(share * 100)) %\(left)")
    }

    /// An analysis has ended.
    func finished(_ title: String, _ result: AnalysisItemResult) {
        let done = state.withLock { state in
            state.done += 1
            state.going[title] = nil
            return state.done
        }
        let words =
            switch result.state {
            case .finished: "analysed in \(Duration.seconds(result.seconds).text)"
            case .kept: "was analysed before"
            case .failed: "failed: \(result.problem?.split(separator: "\n").first ?? "")"
            }
        console.step("\(done) of \(total): \(title): \(words)")
    }
}
