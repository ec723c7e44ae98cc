import Capture
import HostSupport
import RunRecords

/// The command that starts an engine in a container of Docker's, as the original did.
///
/// What the engine names is mounted where the engine's arguments have it, so that these stay as they are, and once more
/// where the original's images expect it.
struct ContainerLaunch {
    let options: DockerOptions
    let mounts: ContainerMounts
    let guest: GuestPlan
    /// The engine, as the plan without a container found it.
    let engine: HostPath
    /// The run's name.
    let id: String
    /// The user's disk file, where the guest has one.
    let disk: HostPath?

    /// The container's name, and what it calls itself: Docker takes no other characters in it.
    var name: String { "\(safeFileName(options.image ?? ""))-\(id)" }

    /// The command.
    ///
    /// - Returns: The argument vector of `docker`.
    /// - Throws: `Failure` where the program is missing.
    func command(docker: HostPath) throws -> LaunchCommand {
        var words = ["run", "--rm", "-i", "--name", name, "--hostname", name]
        words += ["--workdir", options.workingFolder]
        for mount in allMounts { words += ["--mount", mount.option] }
        if let network = options.network { words += ["--network", network] }
        for port in publishedPorts { words += ["--publish", port] }
        if let display = guest.command.environment["DISPLAY"] { words += ["--env", "DISPLAY=\(display)"] }
        words.append(options.image ?? "")
        if !options.noInit { words += ["/sbin/my_init", "--"] }
        words += ["/sbin/setuser", options.user]
        // The engine writes recordings to the folder that it starts in, which is not the container's own.
        words += ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", recordings.string]
        return LaunchCommand(
            executable: docker,
            arguments: words + ["panda-system-\(guest.machine.architecture.rawValue)"] + engineWords,
            workingDirectory: guest.folder
        )
    }

    /// The command, to be shown.
    ///
    /// - Parameter isPlan: Whether nothing more is asked for.
    /// - Returns: The command as a result.
    /// - Throws: `Failure` where the container is to be run.
    func report(isPlan: Bool) throws -> ContainerReport {
        guard isPlan else { throw Self.refusal }
        return ContainerReport(command: try command(docker: Tool("docker").path ?? "docker"))
    }

    private var recordings: HostPath { RunFolder(guest.folder).recordings }
    private var share: HostPath { HostPath(options.pandaRoot) / "share" }

    /// The engine's own arguments: without our launcher, which is not in the container, and where its firmware lies.
    private var engineWords: [String] {
        let words = guest.command.arguments
        let own = words.firstIndex(of: engine.string).map { Array(words[($0 + 1)...]) } ?? words
        return own.first == "-L" ? Array(own.dropFirst(2)) : own
    }

    private var allMounts: [ContainerMounts.Mount] {
        let recorded = mounts.sources["rr"] ?? recordings
        var found = [
            ContainerMounts.Mount(source: guest.folder, target: guest.folder),
            .init(source: guest.runtimeFolder, target: guest.runtimeFolder),
            .init(source: recorded, target: share / "rr"),
        ]
        if recorded != recordings { found.append(.init(source: recorded, target: recordings)) }
        if let qcow = mounts.sources["qcow"] ?? disk?.parent {
            found.append(.init(source: qcow, target: share / "qcow", isReadOnly: true))
        }
        if let disk {
            // The overlay names it by a path that has to hold in the container.
            found.append(.init(source: disk.parent, target: disk.parent, isReadOnly: true))
        }
        if let own = guest.writtenDisk { found.append(.init(source: own, target: own)) }
        if let bootstrap = mounts.sources["bootstrap"] {
            found.append(.init(source: bootstrap, target: share / "bootstrap", isReadOnly: true))
        }
        if guest.command.environment["DISPLAY"] != nil || mounts.sources["x11"] != nil {
            found.append(
                .init(
                    source: mounts.sources["x11"] ?? "/tmp/.X11-unix",
                    target: "/tmp/.X11-unix",
                    isReadOnly: true
                )
            )
        }
        return found
    }

    /// Docker's `[ADDRESS:]HOST:CONTAINER/PROTOCOL`: the host's port first, the other way around than in our options.
    private var publishedPorts: [String] {
        func port(_ forward: PortForward, inside: UInt16) -> String {
            (forward.isLocal ? "127.0.0.1:" : "")
                + "\(forward.hostPort):\(inside)/\(forward.transport.rawValue)"
        }
        let given = options.portForward
        // The guest's ports are the container's under the host's number, unless the user leads on from there.
        let own = guest.forwards.filter { forward in
            !given.contains { $0.guestPort == forward.hostPort && $0.transport == forward.transport }
        }
        return given.map { port($0, inside: $0.guestPort) } + own.map { port($0, inside: $0.hostPort) }
    }

    /// Says that a container cannot be run yet.
    static let refusal = Failure(
        .unavailable,
        "the engine cannot be run in a container yet",
        hint:
            "--dry-run prints the command of the container; leave out --docker-image to run the engine itself"
    )
}

/// The command of a container that is not started.
struct ContainerReport: Report {
    let command: LaunchCommand

    func encode(to encoder: any Encoder) throws { try command.encode(to: encoder) }

    var text: String { command.shellText }
}
