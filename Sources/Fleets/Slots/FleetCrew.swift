import Capture
import Containers
import Foundation
import HostSupport
import RunRecords
import Synchronization

/// What the slots of a fleet share.
final class FleetCrew: Sendable {
    let plan: FleetPlan
    let board: FleetBoard
    let metrics: FleetMetrics
    let control: FleetControl
    let space: CollectionSpace
    let queue: VerificationQueue
    let catalogue: RunIndex
    let console: Console
    /// Lets so many guests start at once.
    let starts: Gate
    private let planner: CapturePlanner
    private let guest: GuestRequest
    private let breaker: Mutex<CircuitBreaker>

    init(
        plan: FleetPlan,
        guest: GuestRequest,
        planner: CapturePlanner,
        board: FleetBoard,
        metrics: FleetMetrics,
        control: FleetControl,
        queue: VerificationQueue,
        catalogue: RunIndex,
        console: Console
    ) {
        self.plan = plan
        self.guest = guest
        self.planner = planner
        self.board = board
        self.metrics = metrics
        self.control = control
        space = CollectionSpace(plan)
        self.queue = queue
        self.catalogue = catalogue
        self.console = console
        starts = Gate(width: plan.startsAtOnce)
        breaker = Mutex(CircuitBreaker(limit: plan.breakerLimit))
    }

    /// The plan of a slot's next run.
    func plan(for slot: FleetPlan.Slot) async throws -> CapturePlan {
        let id = RunID(label: "\(plan.name)-\(slot.number)")
        let made = try await planner.plan(plan.request(for: slot, id: id, guest: guest))
        board.update { $0.containment = made.guest.containment.text }
        return made
    }

    /// Whether a guest may be started now.
    func admits() -> Bool { breaker.withLock { $0.admits(at: .now) } }

    /// A guest became ready.
    func becameReady(_ number: Int, _ record: RunRecord, port: UInt16) {
        breaker.withLock { $0.succeed() }
        board.update { $0.breakerOpenUntil = nil }
        let seconds = record.start.reachable ?? record.start.prepared ?? 0
        say("slot \(number): ready at port \(port) after \(Duration.seconds(seconds).text), run \(record.id)")
    }

    /// A guest did not become ready.
    func didNotStart(_ reason: String) {
        let until = breaker.withLock { breaker -> Duration? in
            guard breaker.fail(at: .now), case .open(let until) = breaker.state else { return nil }
            return until - .now
        }
        guard let until else { return }
        board.update { $0.breakerOpenUntil = Date(timeIntervalSinceNow: until.seconds) }
        warn(
            "\(plan.breakerLimit) guests in a row did not start; trying one again in \(until.text): \(reason)"
        )
    }

    /// A start was given up before it could tell anything of the image.
    func withdraw() { breaker.withLock { $0.withdraw(at: .now) } }

    /// Hands a run over to be replayed.
    func verify(_ record: RunRecord, in folder: RunFolder) { queue.add(record, in: folder) }

    /// Enters a run's record into the collection's index.
    func index(_ record: RunRecord, in folder: RunFolder) { catalogue.enter(record, folder) }

    /// Removes a run of which there is nothing to be kept.
    func discard(_ record: RunRecord, _ folder: RunFolder) {
        catalogue.remove(record.id)
        do { try FileSystem.remove(folder.path) } catch { warn("\(error)") }
    }

    /// Tells of a step.
    func say(_ text: String) { console.step(text) }

    /// Tells of something that is not as it should be.
    func warn(_ text: String) { console.warning(text) }
}
