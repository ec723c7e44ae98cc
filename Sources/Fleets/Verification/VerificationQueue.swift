import Containers
import Foundation
import HostSupport
import RunRecords
import ServiceLifecycle
import Synchronization

/// Replays what was recorded, behind the slots' backs: a slot is ready again while its last run is still being proven.
final class VerificationQueue: Service {
    private struct Item: Sendable {
        let record: RunRecord
        let folder: RunFolder
        let since = ContinuousClock.now
        var tries = 0
    }

    private struct State {
        var pending: [Item] = []
        var running: [RunID: ContinuousClock.Instant] = [:]
        var isClosed = false
    }

    /// How often a replay is tried that could not be started.
    private static let mostTries = 3

    private let state = Mutex(State())
    private let workers: Int
    private let engines: EngineSource
    private let control: FleetControl
    private let board: FleetBoard
    private let catalogue: RunIndex
    private let console: Console

    init(
        workers: Int,
        engines: EngineSource,
        control: FleetControl,
        board: FleetBoard,
        catalogue: RunIndex,
        console: Console
    ) {
        self.workers = workers
        self.engines = engines
        self.control = control
        self.board = board
        self.catalogue = catalogue
        self.console = console
    }

    /// Puts a run at the queue's end.
    func add(_ record: RunRecord, in folder: RunFolder) {
        guard workers > 0 else { return }
        state.withLock { $0.pending.append(Item(record: record, folder: folder)) }
    }

    /// What waits.
    var status: FleetStatus.Verification {
        state.withLock { state in
            var status = FleetStatus.Verification()
            status.pending = state.pending.count
            status.running = state.running.count
            let first = (state.pending.map(\.since) + state.running.values).min()
            status.lag = first.map { (ContinuousClock.now - $0).seconds } ?? 0
            return status
        }
    }

    /// Replays until the fleet has ended and the queue is empty, or until there is a hurry.
    ///
    /// - Throws: `CancellationError`.
    func run() async throws {
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<workers { group.addTask { try await self.work() } }
            }
            // A hurry ends the workers before the slots; a service that leaves unasked would take these with it.
            if !state.withLock({ $0.isClosed }) { try await gracefulShutdown() }
        } onGracefulShutdown: {
            self.state.withLock { $0.isClosed = true }
        }
    }

    private func work() async throws {
        while control.level < .hurrying {
            guard let item = take() else {
                if state.withLock({ $0.isClosed }) { return }
                try await Task.sleep(for: .milliseconds(100))
                continue
            }
            await verify(item)
        }
    }

    private func take() -> Item? {
        state.withLock { state in
            guard !state.pending.isEmpty else { return nil }
            let item = state.pending.removeFirst()
            state.running[item.record.id] = item.since
            return item
        }
    }

    private func verify(_ item: Item) async {
        defer { state.withLock { $0.running[item.record.id] = nil } }
        do {
            let record = try await control.withReplay {
                try await RunMaker.verify(
                    item.record,
                    in: item.folder,
                    engines: engines,
                    console: console.named("\(item.record.id)")
                )
            }
            guard let record, record.state != .recorded else { return }
            catalogue.enter(record, item.folder)
            board.verified(record)
            let reason = record.recordings.compactMap(\.verification?.problem).first
            let text = "run \(record.id): \(record.state.rawValue)" + (reason.map { ": \($0)" } ?? "")
            if record.state == .verified { console.step(text) } else { console.warning(text) }
        } catch {
            var again = item
            again.tries += 1
            let isLast = again.tries == Self.mostTries
            console.warning(
                "run \(item.record.id) cannot be replayed\(isLast ? " and is left as it is" : ""): \(error)"
            )
            if !isLast { state.withLock { [again] in $0.pending.append(again) } }
        }
    }
}
