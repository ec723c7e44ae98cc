public import Capture
public import Containers
import Foundation
public import HostSupport
import LibraryLogs
import RunRecords
import ServiceLifecycle

/// Runs a fleet: keeps its guests alive, has what they record replayed, and ends them properly when it is told to.
public struct FleetSupervisor: Sendable {
    /// How many files are open for a guest: 9 were seen, and a few more while one is started.
    private static let filesOfSlot = 12
    private static let filesOfFleet = 200

    private let plan: FleetPlan
    private let version: String
    private let engines: EngineSource
    private let console: Console

    /// Prepares to run a fleet.
    ///
    /// - Parameters:
    ///   - plan: What it does.
    ///   - version: PANDAcap's version, for the records.
    ///   - engines: Where the engine comes from.
    ///   - console: Where steps are told.
    public init(plan: FleetPlan, version: String, engines: EngineSource, console: Console) {
        self.plan = plan
        self.version = version
        self.engines = engines
        self.console = console
    }

    /// Finds everything that would keep the first guest from being started; nothing is started or written.
    ///
    /// - Returns: The plan of slot 0's first run.
    /// - Throws: ``HostSupport/Failure`` naming what is missing, taken or too small.
    public func check() async throws -> CapturePlan {
        let planner = CapturePlanner(version: version, engines: engines)
        let guest = try plan.guest.request(relativeTo: plan.folder, console: console)
        let id = RunID(label: "\(plan.name)-0")
        let first = try await planner.plan(plan.request(for: plan.slots[0], id: id, guest: guest))
        let wanted = ByteSize(bytes: first.guest.machine.memory.bytes * UInt64(plan.slots.count))
        guard wanted <= plan.memoryBudget else {
            throw Failure(
                .configuration,
                "\(plan.slots.count) machines of \(first.guest.machine.memory) have \(wanted), more than the "
                    + "fleet's \(plan.memoryBudget)",
                hint: "keep fewer slots, give the guest less memory, or raise 'budget.memory'"
            )
        }
        return first
    }

    /// Runs the fleet until a signal ends it: the first drains it, a second one hurries.
    ///
    /// - Returns: What it did.
    /// - Throws: ``HostSupport/Failure`` where the fleet runs already, or cannot be run at all.
    public func run() async throws -> FleetStatus {
        let folder = FleetFolder(collection: plan.collection, name: plan.name)
        let lock = try FleetProcess.claim(folder)
        defer { withExtendedLifetime(lock) {} }
        try requirePort()
        Interrupts.take()
        let crew = try makeCrew()
        let status = StatusService(folder: folder, crew: crew)
        status.write()
        try await reconcile(crew.queue)
        checkFileLimit()
        SystemdNotice.send("READY=1")
        try await run(services(status, crew), crew)
        crew.board.update { $0.phase = .stopped }
        return status.write()
    }

    private func requirePort() throws {
        guard let port = plan.metricsPort, !HostPort.isFree(port, address: "127.0.0.1") else { return }
        throw Failure(
            .unavailable,
            "the port \(port) for Prometheus is taken",
            hint: "name another under 'metricsPort'"
        )
    }

    private func makeCrew() throws -> FleetCrew {
        let metrics = FleetMetrics(fleet: plan.name)
        let control = FleetControl()
        let board = FleetBoard(plan, version: version, metrics: metrics)
        let catalogue = RunIndex(collection: plan.collection, console: console)
        return FleetCrew(
            plan: plan,
            guest: try plan.guest.request(relativeTo: plan.folder, console: console),
            planner: CapturePlanner(version: version, engines: engines),
            board: board,
            metrics: metrics,
            control: control,
            queue: VerificationQueue(
                workers: plan.verifiers,
                engines: engines,
                control: control,
                board: board,
                catalogue: catalogue,
                console: console
            ),
            catalogue: catalogue,
            console: console
        )
    }

    /// The services, in the opposite of the order in which they are told to end: each when the one behind it has ended.
    private func services(_ status: StatusService, _ crew: FleetCrew) -> [any Service] {
        let services: [any Service] = [status, crew.queue, SlotsService(crew: crew)]
        guard let port = plan.metricsPort else { return services }
        return [MetricsService(port: port, registry: crew.metrics.registry, console: console)] + services
    }

    private func run(_ services: [any Service], _ crew: FleetCrew) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0, successTerminationBehavior: .ignore) },
                logger: libraryLogger("pandacap.fleet", console: console)
            )
        )
        do {
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await group.run() }
                tasks.addTask { try await Self.mindSignals(crew, group) }
                defer { tasks.cancelAll() }
                try await tasks.next()
            }
        } catch let error as ServiceGroupError {
            throw Failure(.internal, "a part of the fleet has ended by itself", cause: error)
        }
    }

    private func checkFileLimit() {
        let files = OpenFileLimit.raise()
        guard files < Self.filesOfSlot * plan.slots.count + Self.filesOfFleet else { return }
        console.warning(
            "only \(files) files may be open at once, too few for \(plan.slots.count) guests: see ulimit -n"
        )
    }

    /// Puts right whatever an earlier process left, and has what it recorded replayed.
    private func reconcile(_ queue: VerificationQueue) async throws {
        let found = try await Reconciler(
            collection: plan.collection,
            engines: engines,
            console: console
        ).run(proves: true)
        for finding in found.findings {
            console.step(
                "\(finding.subject): \(finding.deed.rawValue)" + (finding.note.map { ": \($0)" } ?? "")
            )
        }
        // Another fleet of the collection replays its own, and what nobody wanted replayed is not.
        let own = found.unverified.filter {
            $0.record.origin?.kind == .fleet && $0.record.origin?.name == plan.name
        }
        for pending in own { queue.add(pending.record, in: pending.folder) }
        if !own.isEmpty, plan.verifiers > 0 {
            console.step("\(own.count) runs of earlier are to be replayed")
        }
    }

    private static func mindSignals(_ crew: FleetCrew, _ group: ServiceGroup) async throws {
        try await crew.control.mindSignals {
            crew.say(
                "draining: recordings are ended and replayed; once more ends the fleet without replaying them"
            )
            SystemdNotice.send("STOPPING=1")
            crew.board.update { $0.phase = .draining }
            await group.triggerGracefulShutdown()
        } hurrying: {
            crew.say("hurrying: what was recorded is kept and not replayed")
        }
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}
