public import HostSupport

/// An engine that runs beside us, in a container where it was planned so.
public enum EngineProcess {
    /// Starts an engine, runs `body` beside it, and ends it when `body` is done; see ``HostSupport/ChildProcess``.
    ///
    /// A container is gone afterwards, and what the engine wrote is this user's.
    ///
    /// - Parameters:
    ///   - command: What to start.
    ///   - container: The container that it makes; nothing where the engine runs on this host.
    ///   - log: The file that its output is appended to.
    ///   - grace: How long it may take to leave after SIGTERM.
    ///   - body: What to do while it runs.
    /// - Returns: What `body` returned, and how the engine ended.
    /// - Throws: What `body` throws; ``HostSupport/Failure`` where it cannot be started.
    public static func run<Result: Sendable>(
        _ command: LaunchCommand,
        _ container: ContainerPlan?,
        log: HostPath,
        grace: Duration = .seconds(10),
        body: (ChildProcess) async throws -> Result
    ) async throws -> (result: Result, status: ExitStatus) {
        guard let container else {
            return try await ChildProcess.run(command, log: log, grace: grace, body: body)
        }
        // Whoever listens here need not answer: what counts is when the socket's end comes.
        let lifeline = try UnixListener(container.lifeline)
        defer { withExtendedLifetime(lifeline) {} }
        if let passage = container.passage { try FileSystem.createDirectory(passage) }
        for mount in container.mounts where !FileSystem.exists(mount.source) {
            throw Failure(.notFound, "there is no \(mount.source) to be mounted in the container")
        }
        let gift = try container.handover?.give()
        defer { gift?.takeBack() }
        do {
            let outcome = try await ChildProcess.run(
                command,
                log: log,
                grace: grace,
                isShell: true,
                body: body
            )
            await container.remove()
            return outcome
        } catch {
            await container.remove()
            throw error
        }
    }
}

extension ContainerPlan {
    /// Gives the engine's user a file that was made for it after its start.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``HostSupport/Failure`` where it is not there.
    public func handOver(_ path: HostPath) throws {
        guard let handover else { return }
        try FileHandover.give(path, to: handover.user)
    }

    /// Ends the container and removes it, where it is still there.
    func remove() async {
        // A cancelled task starts no program, and the container must go all the same.
        await Task.detached {
            _ = try? await runtime.tool.output(["rm", "--force", "--volumes", name])
        }.value
    }
}
