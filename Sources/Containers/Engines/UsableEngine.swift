import Glibc
public import HostSupport
import PandaEngine
public import RunRecords

/// An engine that has said what it is, wherever it is: it can be planned with.
public struct UsableEngine: Sendable {
    enum Place: Sendable {
        case host(EngineDescription, landlock: Int?)
        case image(ImageEngine, FoundImage, ContainerRuntime)
    }

    let place: Place
    let architecture: GuestArchitecture
    /// What is asked for of its containers; nothing plays a part of it on this host.
    let request: ContainerRequest

    /// What a record says of it.
    public var record: RunRecord.Engine {
        switch place {
        case .host(let description, _):
            .init(
                program: description.engine.program,
                version: description.version,
                sha256: description.sha256
            )
        case .image(let engine, let image, _):
            .init(
                program: engine.program,
                version: engine.version,
                sha256: engine.sha256,
                container: .init(name: image.name, id: image.id)
            )
        }
    }

    /// Whether it offers `-complete-rr-snapshot`.
    public var hasCompleteSnapshotOption: Bool {
        switch place {
        case .host(let description, _): description.hasCompleteSnapshotOption
        case .image(let engine, _, _): engine.hasCompleteSnapshotOption
        }
    }

    /// The window system that it shows guests' displays with; nothing where it has none.
    public var windowSystem: String? {
        switch place {
        case .host(let description, _): description.windowSystem
        case .image(let engine, _, _): engine.windowSystem
        }
    }

    /// Whether it is kept from writing elsewhere than it is told to.
    public var isConfined: Bool {
        switch place {
        case .host(_, let landlock): landlock != nil
        case .image: true
        }
    }

    /// Whether it is in a container.
    public var isContained: Bool {
        if case .image = place { return true }
        return false
    }

    /// Whether it has a plugin.
    public func hasPlugin(_ name: String) -> Bool {
        switch place {
        case .host(let description, _):
            FileSystem.exists(description.engine.pluginFolder / "panda_\(name).so")
        case .image(let engine, _, _): engine.plugins.contains(name)
        }
    }

    /// The files of plugins by their names, where they are files of this host.
    public func pluginFiles(_ names: [String]) -> [String: HostPath] {
        let files = names.compactMap { name -> (String, HostPath)? in
            if let own = OwnPlugin(rawValue: name) {
                return (try? own.file(for: architecture)).map { (name, $0) }
            }
            guard case .host(let description, _) = place else { return nil }
            return (name, description.engine.pluginFolder / "panda_\(name).so")
        }
        return Dictionary(files.filter { FileSystem.exists($0.1) }) { first, _ in first }
    }

    /// The libraries that stubs stand for, where the engine is one of this host.
    ///
    /// - Returns: Their names.
    /// - Throws: ``HostSupport/Failure`` where the engine's description is damaged.
    public func stubs() throws -> Set<String> {
        guard case .host(let description, _) = place else { return [] }
        return try description.engine.stubs()
    }

    /// Makes sure that plugins exist, and on this host that they can be loaded.
    ///
    /// - Parameter names: Names of plugins.
    /// - Throws: ``HostSupport/Failure`` with `unavailable`, naming the plugin and what it lacks.
    public func requirePlugins(_ names: [String]) async throws {
        switch place {
        case .host(let description, _):
            try await EngineDescription.requirePlugins(names, of: description.engine)
        case .image(let engine, let image, _):
            guard let missing = names.first(where: { !engine.plugins.contains($0) }) else { return }
            throw Failure(
                .unavailable,
                "the engine in the container image '\(image.name)' has no plugin '\(missing)'",
                hint: "it has \(engine.plugins.joined(separator: ", "))"
            )
        }
    }

    /// Plans the engine's start.
    ///
    /// - Parameters:
    ///   - arguments: PANDA's own arguments.
    ///   - workingFolder: Where it runs; PANDA writes recordings there.
    ///   - reach: What it reaches of this host besides.
    ///   - id: The run or replay that it is for; its container's name ends so.
    ///   - memory: The machine's memory.
    ///   - runtimeFolder: A private folder of the run's, for sockets.
    ///   - customisation: The container's side of a bundle, rendered there before the engine is started; nothing
    ///     where there is none.
    /// - Returns: The start.
    /// - Throws: ``HostSupport/Failure`` where a launcher is missing, a mount's source is, or the container's name is
    ///   taken.
    public func launch(
        _ arguments: [String],
        in workingFolder: HostPath,
        reach: EngineReach,
        id: String,
        memory: ByteSize,
        runtimeFolder: HostPath,
        customisation: HostPath? = nil
    ) async throws -> EngineLaunch {
        switch place {
        case .host(let description, let landlock):
            let bounds = reach.bounds(workingFolder, isConfined: landlock != nil)
            var command = try description.engine.command(
                arguments,
                workingDirectory: workingFolder,
                bounds: bounds,
                lifeline: ProcessIdentity.current,
                inputs: reach.inputs
            )
            if let display = reach.display { command.environment["DISPLAY"] = display }
            if let folder = reach.pluginFolder { command.environment[Engine.pluginVariable] = folder.string }
            if let limit = reach.recordingLimit { command.environment[Launcher.recordingLimit] = "\(limit)" }
            return EngineLaunch(
                command: command,
                container: nil,
                containment: bounds.containment(landlock: landlock, description.engine)
            )
        case .image(let engine, let image, let runtime):
            let name = "\(safeFileName(image.name))-\(id)"
            let launch = ContainerLaunch(
                runtime: runtime,
                image: image,
                request: request,
                user: try await ContainerUser.of(request, image, runtime),
                name: name,
                run: id,
                engine: [engine.program.string] + arguments,
                workingFolder: workingFolder,
                reach: reach,
                lifeline: runtimeFolder / "lifeline",
                customisation: customisation,
                machineMemory: memory,
                isRoot: geteuid() == 0,
                boundary: try Launcher.boundary.located()
            )
            try await requireFree(name, runtime)
            for port in request.ports where launch.publishesPorts {
                try port.requireFree(hint: "name another for the container's port \(port.guestPort)")
            }
            return EngineLaunch(
                command: launch.command,
                container: launch.plan,
                containment: launch.containment
            )
        }
    }

    private func requireFree(_ name: String, _ runtime: ContainerRuntime) async throws {
        let answer = try await runtime.tool.output(["container", "inspect", "--format", "{{.Id}}", name])
        guard answer.status == .exited(0) else { return }
        throw Failure(
            .unavailable,
            "there is a container '\(name)' already",
            hint:
                "name the run otherwise with --run-id, or remove that one: \(runtime.kind.rawValue) rm -f \(name)"
        )
    }
}
