import Foundation
public import HostSupport
import QMP
public import RunRecords
import Synchronization

/// Acts on a plan: starts the guest, lets it record, ends the engine properly, and says what is there.
public final class Capture: Sendable {
    /// What came of a run.
    public struct Outcome: Sendable {
        /// The run's record, in the state `recorded` or `failed`.
        public let record: RunRecord
        /// Why the engine ended.
        public let ending: CaptureEnding
    }

    private let plan: CapturePlan
    private let console: Console
    private let isLive: Bool
    private let record: Mutex<RunRecord>
    private let watcher: Mutex<RecordingWatcher>

    /// Prepares to act on a plan.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - console: Where steps and progress are told.
    ///   - isLive: Whether the guest command's output is copied to this process's own.
    public init(plan: CapturePlan, console: Console, isLive: Bool) {
        self.plan = plan
        self.console = console
        self.isLive = isLive
        record = Mutex(plan.record)
        watcher = Mutex(RecordingWatcher(folder: plan.files.recordings))
    }

    /// Makes the run.
    ///
    /// - Returns: What came of it; the record is in the run's folder, too.
    /// - Throws: ``HostSupport/Failure``, with the run's record in the state `failed` where its folder was made.
    public func run() async throws -> Outcome {
        try makeFolder()
        defer { try? FileSystem.remove(plan.runtimeFolder) }
        do {
            let ending = try await runEngine()
            console.endProgress()
            try await collect(ending)
            return Outcome(record: record.withLock { $0 }, ending: ending)
        } catch {
            console.endProgress()
            try? update { try $0.become(.failed, because: "\(error)") }
            throw error
        }
    }

    // MARK: - Steps

    private func makeFolder() throws {
        let files = plan.files
        try FileSystem.createDirectory(files.path.parent)
        guard try FileSystem.claimDirectory(files.path) else {
            throw Failure(.cannotCreate, "another process has just made the run \(files.path)")
        }
        try update { _ in }
        try FileSystem.write(plan.record.command.shellText + "\n", to: files.command)
        try FileSystem.write("", to: files.console)
        try FileSystem.createDirectory(files.recordings)
    }

    private func runEngine() async throws -> CaptureEnding {
        _ = try Storage.makeRuntimeDirectory(plan.runtimeFolder.name)
        let runtime = plan.runtime
        try FileSystem.createDirectory(runtime.sockets, mode: 0o700)
        let agentListener = try UnixListener(runtime.agent)
        let packetListener = try UnixListener(runtime.packets)
        try update { try $0.become(.starting) }
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
                    if let status = try await engine.exit(within: .seconds(2)) { return Self.ending(status) }
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

    private static func ending(_ status: ExitStatus) -> CaptureEnding {
        status == .exited(0) ? .guestEnded : .engineDied(status)
    }

    private func guardRun(_ engine: ChildProcess) async throws -> CaptureEnding {
        while true {
            if let status = engine.status { return Self.ending(status) }
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

    private func look() -> (open: Date?, ended: Int) {
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
        } else if !isOpen, state == .recording {
            try update { try $0.become(.ready) }
        }
        if isOpen {
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

    // MARK: - The session

    private func session(_ channel: AgentChannel) async throws {
        var channel = channel
        let start = ContinuousClock.now
        let limit = Duration.seconds(plan.readySeconds)
        guard try await isReady(&channel, within: limit) else { throw notReady(limit) }
        try await bootstrap(&channel)
        let banner = try await poll(for: limit, every: .milliseconds(100)) { () -> String? in
            let banner = try await HostPort.banner(port: plan.sshPort, within: .seconds(2))
            return banner?.hasPrefix("SSH-") == true ? banner : nil
        }
        guard banner != nil else { throw notReady(limit) }
        try update { if $0.state == .starting { try $0.become(.ready) } }
        console.step("ready after \((ContinuousClock.now - start).text)")
        switch plan.record.trigger {
        case .command: try await runCommands()
        case .guest: try await runCommands()
        case .login: try await waitForLogins()
        }
    }

    private func isReady(_ channel: inout AgentChannel, within limit: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + limit
        let start = ContinuousClock.now
        while ContinuousClock.now < deadline {
            console.progress("booting: \((ContinuousClock.now - start).text)")
            if try await channel.waitUntilReady(within: .milliseconds(200)) { return true }
        }
        return false
    }

    private func notReady(_ limit: Duration) -> Failure {
        let said = FileTail.lastLines(of: plan.files.console, 5).map { "  \($0)" }
        return Failure(
            .guest,
            (["the guest was not ready within \(limit.text); its console ends with:"] + said)
                .joined(separator: "\n"),
            hint: "give it more time with --ready-timeout, or more memory; \(plan.files.console) has it all"
        )
    }

    private func bootstrap(_ channel: inout AgentChannel) async throws {
        let authorizedKey = try await plan.ssh.prepare()
        let archive = try await SessionBundle(installation: try Installation.locate()).pack(
            in: plan.runtime,
            authorizedKey: authorizedKey,
            sessionName: plan.sessionName
        )
        let bootstrap = try await channel.handOver(archive, within: .seconds(120))
        try update { $0.bootstrap = bootstrap }
        let hostKey = bootstrap.output.first { $0.hasPrefix(SessionBundle.hostKeyPrefix) }
        guard bootstrap.status == 0, let hostKey else {
            throw Failure(
                .guest,
                "the bootstrap in the guest ended with status \(bootstrap.status)"
                    + (hostKey == nil ? " and told no ssh host key" : ""),
                hint: "what it said is in \(plan.files.record) under 'bootstrap'"
            )
        }
        try plan.ssh.trust(String(hostKey.dropFirst(SessionBundle.hostKeyPrefix.count)))
    }

    private func runCommands() async throws {
        for number in 1...plan.recordings {
            try update {
                $0.commands.append(.init(arguments: plan.command))
                $0.commands[number - 1].started = Date()
            }
            let status = try await runInGuest(plan.command)
            try update {
                $0.commands[number - 1].ended = Date()
                $0.commands[number - 1].status = status
            }
            // The login's last act closes the session, a moment before or after its connection.
            let isEnded = try await poll(for: .seconds(10)) { look().ended >= number ? true : nil }
            guard isEnded == true else {
                if plan.record.trigger == .guest { return }
                throw Failure(
                    .guest,
                    status == nil
                        ? "the ssh connection to the guest broke"
                        : "the guest did not \(look().open == nil ? "start" : "end") recording \(number)",
                    hint: "see \(plan.files.engineLog) and \(plan.files.console)"
                )
            }
        }
    }

    /// Runs a command in the guest through ssh; its output goes to files and, as it comes, to ours.
    ///
    /// - Returns: Its exit status; nothing where the connection broke.
    private func runInGuest(_ command: [String]) async throws -> Int32? {
        let files = plan.files
        let ssh = LaunchCommand(
            executable: try Tool("ssh", package: "openssh-client").located(),
            arguments: ["-n"] + plan.ssh.arguments(command: command),
            workingDirectory: files.path
        )
        var output = FileTail(files.standardOutput)
        var errors = FileTail(files.standardError)
        func copy() {
            guard isLive else { return }
            for (tail, handle) in [
                (output.next(), FileHandle.standardOutput), (errors.next(), .standardError),
            ]
            where !tail.isEmpty {
                console.endProgress()
                handle.write(tail)
            }
        }
        let (_, status) = try await ChildProcess.run(
            ssh,
            log: files.standardOutput,
            errorLog: files.standardError,
            grace: .seconds(2)
        ) { child in
            while child.status == nil {
                copy()
                try await Task.sleep(for: .milliseconds(30))
            }
        }
        copy()
        // ssh itself ends with 255 where the connection is at fault.
        return status == .exited(255) ? nil : status.shellCode
    }

    private func waitForLogins() async throws {
        console.step("waiting for \(plan.recordings == 1 ? "a login" : "\(plan.recordings) logins"):")
        console.step("  " + shellLine(plan.loginCommand))
        while look().ended < plan.recordings { try await Task.sleep(for: .milliseconds(50)) }
        // What the guest still has to send its visitor should get through before the engine ends.
        try await Task.sleep(for: .milliseconds(500))
    }

    // MARK: - The result

    private func collect(_ ending: CaptureEnding) async throws {
        _ = look()
        let sightings = watcher.withLock { $0.sightings }
        var recordings: [Recording] = []
        for name in try RecordingCheck.names(in: plan.files.recordings) {
            var recording = try await RecordingCheck.describe(
                name,
                in: plan.files.recordings,
                machine: plan.record.machine
            )
            let sighting = sightings.first { $0.name == name }
            recording.started = sighting?.started
            recording.ended = recording.structure == .complete ? sighting?.ended : nil
            recordings.append(recording)
        }
        try update { record in
            record.recordings = recordings
            if let warning = ending.warning { record.warnings.append(warning) }
            if recordings.contains(where: { $0.structure == .complete }) {
                if record.state == .starting { try record.become(.recording) }
                try record.become(.recorded)
            } else {
                try record.become(.failed, because: Self.reason(ending, recordings))
            }
        }
    }

    private static func reason(_ ending: CaptureEnding, _ recordings: [Recording]) -> String {
        let end = ending.warning.map { "\($0); " } ?? ""
        guard let cut = recordings.first else { return end + "nothing was recorded" }
        return end + "the recording '\(cut.name)' is not whole: \(cut.problem ?? cut.structure.rawValue)"
    }

    /// Changes the record and writes it down before anything is done that rests on it.
    private func update(_ change: (inout RunRecord) throws -> Void) throws {
        try record.withLock { record in
            try change(&record)
            try record.write(to: plan.files)
        }
    }
}
