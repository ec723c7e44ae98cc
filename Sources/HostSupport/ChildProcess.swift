import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// A process that runs beside us, in a session of its own, so that Ctrl-C in our terminal does not reach it.
public final class ChildProcess: Sendable {
    private struct State {
        var identifier: pid_t?
        var status: ExitStatus?
    }

    private let state = Mutex(State())

    /// Whether it ends with the codes of a shell: 128 and a signal's number for what a signal ended in it.
    private let isShell: Bool

    private init(isShell: Bool) {
        self.isShell = isShell
    }

    /// How it ended, or nothing while it runs.
    public var status: ExitStatus? { state.withLock { $0.status } }

    /// Its process identifier, once it has started.
    public var identifier: Int32? { state.withLock { $0.identifier } }

    /// The processor time that it has used, in seconds; 0 where it has ended.
    public var processorSeconds: Double {
        guard status == nil, let identifier else { return 0 }
        return ProcessIdentity.processorSeconds(of: identifier)
    }

    /// Sends a signal; nothing happens where the process has ended.
    public func signal(_ number: Int32) {
        state.withLock { state in
            guard state.status == nil, let identifier = state.identifier else { return }
            kill(identifier, number)
        }
    }

    /// Waits until the process has ended, or until the time is over.
    ///
    /// - Parameter limit: How long to wait; without end by default.
    /// - Returns: How it ended; nothing where it still runs.
    /// - Throws: `CancellationError`.
    public func exit(within limit: Duration? = nil) async throws -> ExitStatus? {
        let deadline = limit.map { ContinuousClock.now + $0 }
        while true {
            if let status { return status }
            if let deadline, ContinuousClock.now >= deadline { return nil }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Starts a process, runs `body` beside it, and ends the process when `body` is done.
    ///
    /// The process's output goes to a file and not through a pipe of ours: were this process to die, the other
    /// would be ended by SIGPIPE at its next line. A process that is still there after `body` gets SIGTERM and,
    /// `grace` later, SIGKILL; so it does when this task is cancelled.
    ///
    /// - Parameters:
    ///   - command: What to start.
    ///   - log: The file that its output is appended to.
    ///   - errorLog: The file that its standard error is appended to; `log` where there is none.
    ///   - grace: How long it may take to leave after SIGTERM.
    ///   - isShell: Whether the process stands for another one, and ends with the codes that a shell has for its end.
    ///   - body: What to do while it runs.
    /// - Returns: What `body` returned, and how the process ended.
    /// - Throws: What `body` throws; ``Failure`` where the process cannot be started or its log not be opened.
    public static func run<Result: Sendable>(
        _ command: LaunchCommand,
        log: HostPath,
        errorLog: HostPath? = nil,
        grace: Duration = .seconds(10),
        isShell: Bool = false,
        body: (ChildProcess) async throws -> Result
    ) async throws -> (result: Result, status: ExitStatus) {
        let file = try openLog(log)
        let errorFile = try openLog(errorLog ?? log)
        let child = ChildProcess(isShell: isShell)
        async let running: Void = child.spawn(command, output: file, error: errorFile, grace: grace)
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(child))
        } catch {
            result = .failure(error)
        }
        await child.end(grace: grace)
        try await running
        return (try result.get(), child.status ?? .exited(0))
    }

    private func spawn(
        _ command: LaunchCommand,
        output: FileDescriptor,
        error: FileDescriptor,
        grace: Duration
    ) async throws {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: grace)]
        do {
            let result = try await Subprocess.run(
                .path(FilePath(command.executable.string)),
                arguments: Arguments(command.arguments),
                environment: .inherit.updating(command.environment.subprocessSettings),
                workingDirectory: FilePath(command.workingDirectory.string),
                platformOptions: options,
                input: .none,
                output: .fileDescriptor(output, closeAfterSpawningProcess: true),
                error: .fileDescriptor(error, closeAfterSpawningProcess: true)
            ) { execution in
                let identifier = execution.processIdentifier.value
                state.withLock { $0.identifier = identifier }
            }
            let status = ExitStatus(result.terminationStatus)
            state.withLock { $0.status = isShell ? status.meantByShell : status }
        } catch {
            state.withLock { $0.status = .exited(127) }
            throw Failure(.system, "cannot start \(command.executable)", cause: error)
        }
    }

    private func end(grace: Duration) async {
        // A cancelled task cannot sleep, and the ladder must be climbed all the same.
        await Task.detached { [self] in
            guard status == nil else { return }
            while identifier == nil, status == nil { try? await Task.sleep(for: .milliseconds(5)) }
            signal(SIGTERM)
            if (try? await exit(within: grace)) != nil { return }
            signal(SIGKILL)
            _ = try? await exit()
        }.value
    }

    private static func openLog(_ path: HostPath) throws -> FileDescriptor {
        do {
            return try FileDescriptor.open(
                FilePath(path.string),
                .writeOnly,
                options: [.create, .append, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        } catch {
            throw Failure(.cannotCreate, "cannot open the log \(path)", cause: error)
        }
    }
}
