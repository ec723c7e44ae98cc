import Foundation
import HostSupport
import QMP
import RunRecords
import Synchronization

extension Capture {
    /// Starts the engine, holds the session, and ends the engine properly.
    func runEngine() async throws -> CaptureEnding {
        let lock = try Storage.makeRuntimeDirectory(plan.runtimeFolder.name)
        defer { withExtendedLifetime(lock) {} }
        let runtime = plan.runtime
        try FileSystem.createDirectory(runtime.sockets, mode: 0o700)
        let agentListener = try UnixListener(runtime.agent)
        let packetListener = try UnixListener(runtime.packets)
        try update { if $0.state == .planned { try $0.become(.starting) } }
        console.step(
            "starting \(plan.record.image.name): \(plan.record.machine.memory), run \(plan.record.id)"
        )
        let (ending, _) = try await ChildProcess.run(
            plan.record.command,
            log: plan.files.engineLog,
            grace: .seconds(30)
        ) { engine in
            guard let agent = try await connection(to: agentListener, engine),
                let mirror = try await connection(to: packetListener, engine)
            else { throw engineFailure(engine) }
            let packets = PacketCapture(connection: mirror, path: plan.files.packets)
            let control = try await control(engine)
            let ending = try await firstEnding(engine) {
                try await self.session(AgentChannel(connection: agent))
            }
            try await end(engine, control)
            if let problem = try await packets.finish() { try update { $0.warnings.append(problem) } }
            return ending
        }
        return ending
    }

    /// QEMU connects to our sockets before anything else it does.
    private func connection(to listener: UnixListener, _ engine: ChildProcess) async throws -> UnixConnection?
    {
        let deadline = ContinuousClock.now + .seconds(30)
        while engine.status == nil, ContinuousClock.now < deadline {
            if let connection = try await listener.accept(within: .milliseconds(100)) { return connection }
        }
        return nil
    }

    private func control(_ engine: ChildProcess) async throws -> QMPClient {
        do {
            return try await QMPClient.connect(to: plan.runtime.machineProtocol.string, timeout: .seconds(30))
        } catch {
            guard engine.status == nil else { throw engineFailure(engine) }
            throw Failure(.unavailable, "cannot control the engine", cause: error)
        }
    }

    private func engineFailure(_ engine: ChildProcess) -> Failure {
        let end = engine.status.map { "the engine \($0)" } ?? "the engine does not start"
        let said = FileTail.lastLines(of: plan.files.engineLog, 8)
        return Failure(
            .unavailable,
            ([end + (said.isEmpty ? "" : ":")] + said.map { "  \($0)" }).joined(separator: "\n"),
            hint: "all it said is in \(plan.files.engineLog)"
        )
    }

    /// Runs the session, and beside it everything that can end it before it is done.
    private func firstEnding(
        _ engine: ChildProcess,
        session: @escaping @Sendable () async throws -> Void
    ) async throws -> CaptureEnding {
        try await withThrowingTaskGroup(of: CaptureEnding.self) { group in
            group.addTask {
                do {
                    try await session()
                    return .finished
                } catch let failure as Failure {
                    // A guest that ends its machine cuts the session's connections first; why is known a moment later.
                    if let status = try await engine.exit(within: .seconds(5)) {
                        return self.ending(engine, status)
                    }
                    return .sessionFailed(failure)
                }
            }
            group.addTask { try await self.guardRun(engine) }
            defer { group.cancelAll() }
            guard let ending = try await group.next() else {
                throw Failure(.internal, "a run ended without an ending")
            }
            return ending
        }
    }

    /// How a run ended whose engine left by itself.
    private func ending(_ engine: ChildProcess, _ status: ExitStatus) -> CaptureEnding {
        let isStarting = record.withLock { $0.state } == .starting
        guard status == .exited(0) else {
            return isStarting ? .sessionFailed(engineFailure(engine)) : .engineDied(status)
        }
        guard isStarting else { return .guestEnded }
        return .bootFailed(
            Failure(
                .guest,
                "the guest ended its machine before it was ready; its console ends with:\n" + consoleEnd(),
                hint: "\(plan.files.console) has it all"
            )
        )
    }

    /// The last lines of the guest's console, for an error's message.
    func consoleEnd() -> String {
        FileTail.lastLines(of: plan.files.console, 5).map { "  \($0)" }.joined(separator: "\n")
    }

    private func guardRun(_ engine: ChildProcess) async throws -> CaptureEnding {
        while true {
            if let status = engine.status { return ending(engine, status) }
            if Interrupts.count > 0 { return .interrupted }
            let free = try FileSystem.freeSpace(at: plan.files.path)
            if free < plan.reserve { return .diskNearlyFull(free: free) }
            let (open, ended) = look()
            if let open, let limit = plan.timeLimitSeconds, -open.timeIntervalSinceNow > limit {
                return .timeLimit
            }
            try followState(isOpen: open != nil, ended: ended)
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Looks at the recordings again: since when one is open, and how many have ended.
    func look() -> (open: Date?, ended: Int) {
        watcher.withLock { watcher in
            watcher.look()
            return (watcher.openSince, watcher.endedCount)
        }
    }

    private func followState(isOpen: Bool, ended: Int) throws {
        let state = record.withLock { $0.state }
        if isOpen, state == .ready || state == .starting {
            try update { try $0.become(.recording) }
            console.step("recording")
        } else if !isOpen, state == .recording, ended < plan.recordings {
            try update { try $0.become(.ready) }
        }
        // A command's own output shows how far it is, and must not be wiped.
        if isOpen, !(isLive && plan.record.trigger != .login) {
            let bytes = FileSystem.list(plan.files.recordings)
                .compactMap { FileSystem.size(plan.files.recordings / $0) }
                .reduce(0, +)
            console.progress("recording \(ended + 1) of \(plan.recordings): \(ByteSize(bytes: bytes))")
        }
    }

    /// Ends the engine so that a recording that is open is closed.
    private func end(_ engine: ChildProcess, _ control: QMPClient) async throws {
        if engine.status == nil {
            // Where the engine does not listen any more, SIGTERM does the same and follows.
            do { try await control.quit(timeout: .seconds(10)) } catch { console.detail("\(error)") }
            let interrupts = Interrupts.count
            let deadline = ContinuousClock.now + .seconds(60)
            while engine.status == nil, ContinuousClock.now < deadline, Interrupts.count <= max(interrupts, 1)
            {
                _ = try await engine.exit(within: .milliseconds(100))
            }
        }
        await control.close()
    }
}
