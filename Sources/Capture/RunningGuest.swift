import Containers
import Foundation
import Glibc
import GuestImages
import HostSupport
import QMP
import RunRecords

/// A guest that runs under the engine, for as long as the body of ``run(_:for:console:body:)`` lasts.
final class RunningGuest: Sendable {
    let plan: GuestPlan
    let engine: ChildProcess
    let control: QMPClient
    let agent: AgentChannel
    /// What goes on in its network.
    let activity: NetworkActivity
    let console: Console
    private let gate: EgressGate?
    /// When the engine was started.
    let launched: ContinuousClock.Instant

    private init(
        plan: GuestPlan,
        engine: ChildProcess,
        control: QMPClient,
        agent: AgentChannel,
        activity: NetworkActivity,
        console: Console,
        gate: EgressGate?,
        launched: ContinuousClock.Instant
    ) {
        self.plan = plan
        self.engine = engine
        self.control = control
        self.agent = agent
        self.activity = activity
        self.console = console
        self.gate = gate
        self.launched = launched
    }

    /// The processor time that the engine has used, in seconds.
    var processorSeconds: Double {
        get async {
            guard let container = plan.container else { return engine.processorSeconds }
            return await container.processorSeconds
        }
    }

    /// Why the guest is cut off from everybody while the engine goes on; nothing where it is not.
    var networkFailure: Failure? {
        get async throws {
            // An engine that ends shuts it, too.
            guard let gate, gate.isShut, try await engine.exit(within: .seconds(5)) == nil else { return nil }
            let problem = gate.finish().map { ": \($0)" } ?? ""
            return Failure(
                .system,
                "the filter of the guest's network ended, and nothing got through any more\(problem)"
            )
        }
    }

    /// How long ago the engine was started.
    var age: Duration { ContinuousClock.now - launched }

    /// Starts the engine, runs `body` beside it, and ends the engine so that a recording that is open is closed.
    ///
    /// - Parameters:
    ///   - plan: What to start.
    ///   - purpose: What a guest is prepared for that takes it from a disk when it boots.
    ///   - console: Where steps and progress are told.
    ///   - body: What to do while the guest runs.
    /// - Returns: What `body` returned, and what came of its network.
    /// - Throws: What `body` throws; `Failure` where the engine cannot be started.
    static func run<Result: Sendable>(
        _ plan: GuestPlan,
        for purpose: SessionBundle.Purpose,
        console: Console,
        body: (RunningGuest) async throws -> Result
    ) async throws -> (result: Result, network: NetworkOutcome) {
        let lock = try Storage.makeRuntimeDirectory(plan.runtimeFolder.name)
        defer { withExtendedLifetime(lock) {} }
        defer { try? FileSystem.remove(plan.runtimeFolder) }
        let diskLock = try plan.writtenDisk.map(DiskUse.lock)
        defer { withExtendedLifetime(diskLock) {} }
        let runtime = plan.runtime
        try FileSystem.createDirectory(runtime.sockets, mode: 0o700)
        // What the engine is allowed to write to must be there.
        try FileSystem.createDirectory(plan.files.recordings)
        try FileSystem.write("", to: plan.files.console)
        let agentListener = try UnixListener(runtime.agent)
        let packetListener = try UnixListener(runtime.packets)
        let sockets = try EgressSockets(plan)
        // The keys are made while the engine starts; a disk is needed before.
        let keys = Task { try await plan.ssh.prepare() }
        do {
            try await plan.disk?.make()
            if let bundle = plan.bundle {
                try await keys.value
                try await bundle.render(into: runtime.rendered, keyOf: plan.ssh)
            }
            if plan.agent == .usb, plan.warmState == nil {
                try await keys.value
                try await SessionVolume(installation: try Installation.locate()).make(for: plan, purpose)
                try plan.container?.handOver(runtime.bundleDisk)
            }
        } catch {
            _ = await keys.result
            throw error
        }
        let launched = ContinuousClock.now
        let (outcome, _) = try await EngineProcess.run(
            plan.command,
            plan.container,
            log: plan.files.engineLog,
            grace: .seconds(30)
        ) { engine in
            let gate = try await sockets?.gate { try await connection(to: $0, engine) }
            guard (gate == nil) == (sockets == nil),
                let agent = try await connection(to: agentListener, engine),
                let mirror = try await connection(to: packetListener, engine)
            else { throw failure(of: engine, plan) }
            // What the engine's own network refuses is seen in the capture alone.
            let counter = plan.egress == .denied ? EgressFilter(rules: []) : nil
            let packets = PacketCapture(connection: mirror, path: plan.files.packets, counter: counter)
            let control = try await control(engine, plan)
            let guest = RunningGuest(
                plan: plan,
                engine: engine,
                control: control,
                agent: AgentChannel(connection: agent),
                activity: packets.activity,
                console: console,
                gate: gate,
                launched: launched
            )
            try await keys.value
            let result = try await body(guest)
            try await guest.end()
            let gateProblem = gate?.finish()
            return (
                result,
                NetworkOutcome(
                    problem: try await packets.finish() ?? gateProblem,
                    refused: (gate?.filter ?? counter)?.refused
                )
            )
        }
        return outcome
    }

    /// QEMU connects to our sockets before anything else it does.
    private static func connection(to listener: UnixListener, _ engine: ChildProcess) async throws
        -> UnixConnection?
    {
        let deadline = ContinuousClock.now + .seconds(30)
        while engine.status == nil, ContinuousClock.now < deadline {
            if let connection = try await listener.accept(within: .milliseconds(100)) { return connection }
        }
        return nil
    }

    private static func control(_ engine: ChildProcess, _ plan: GuestPlan) async throws -> QMPClient {
        do {
            return try await withThrowingTaskGroup(of: QMPClient?.self) { group in
                group.addTask {
                    try await QMPClient.connect(
                        to: plan.runtime.machineProtocol.string,
                        timeout: .seconds(30)
                    )
                }
                group.addTask {
                    _ = try await engine.exit()
                    return nil
                }
                defer { group.cancelAll() }
                guard let client = try await group.next() ?? nil else { throw failure(of: engine, plan) }
                return client
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            // What started it tells its end a moment later, where it is in a container.
            guard try await engine.exit(within: .seconds(2)) == nil else { throw failure(of: engine, plan) }
            throw Failure(.unavailable, "cannot control the engine", cause: error)
        }
    }

    /// What the engine said when it did not start, or ended before anything was recorded.
    static func failure(of engine: ChildProcess, _ plan: GuestPlan) -> Failure {
        let subject = plan.container == nil ? "the engine" : "the engine's container"
        let end = engine.status.map { "\(subject) \($0)" } ?? "\(subject) does not start"
        let said = FileTail.lastLines(of: plan.files.engineLog, 8)
        return Failure(
            .unavailable,
            ([end + (said.isEmpty ? "" : ":")] + said.map { "  \($0)" }).joined(separator: "\n"),
            hint: hint(for: engine.status, plan)
        )
    }

    private static func hint(for status: ExitStatus?, _ plan: GuestPlan) -> String {
        switch status {
        case .exited(127) where plan.container != nil:
            "the image may lack a program: --docker-no-init does without /sbin/my_init"
        case .signalled(SIGKILL) where plan.container != nil:
            "it may have needed more memory than the container has: see --container-memory"
        default: "all it said is in \(plan.files.engineLog)"
        }
    }

    /// The last lines of the guest's console, for an error's message.
    var consoleEnd: String {
        FileTail.lastLines(of: plan.files.console, 5).map { "  \($0)" }.joined(separator: "\n")
    }

    /// Whether the engine goes on in its container, while what started that is gone.
    var isOrphaned: Bool {
        get async { plan.container != nil && engine.status != nil ? await answers : false }
    }

    private var answers: Bool {
        get async { (try? await control.queryStatus()) != nil }
    }

    /// Ends the engine so that a recording that is open is closed.
    private func end() async throws {
        let isOrphaned = await isOrphaned
        if engine.status == nil || isOrphaned {
            // Where the engine does not listen any more, SIGTERM does the same and follows.
            do { try await control.quit(timeout: .seconds(10)) } catch { console.detail("\(error)") }
            let interrupts = Interrupts.count
            let deadline = ContinuousClock.now + .seconds(60)
            while isOrphaned ? await answers : engine.status == nil, ContinuousClock.now < deadline,
                Interrupts.count <= max(interrupts, 1)
            {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        await control.close()
    }
}
