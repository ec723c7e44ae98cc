import HostSupport
import PandaEngine
import RunRecords

/// The command that starts an engine in a container.
///
/// Everything that the engine reaches is mounted where this host has it, so its arguments are those of an engine without
/// a container.
struct ContainerLaunch {
    let runtime: ContainerRuntime
    let image: FoundImage
    let request: ContainerRequest
    let user: ContainerUser
    /// The container's name.
    let name: String
    /// The run that it is for.
    let run: String
    /// The engine's program, and its arguments.
    let engine: [String]
    let workingFolder: HostPath
    let reach: EngineReach
    let lifeline: HostPath
    /// The container's side of a bundle; none where nothing is done in the container.
    let customisation: HostPath?
    let machineMemory: ByteSize
    /// Whether this user is root.
    let isRoot: Bool
    /// Our program in the container, on the host.
    let boundary: HostPath

    /// Where ``boundary`` lies in every container.
    static let boundaryInside: HostPath = "/run/panda-guard"
    /// No rights of root's are there, nor can any be got.
    static let withoutPrivileges = ["--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
    /// What begins the command that asks something of an image.
    static let question =
        ["run", "--rm", "--pull", "never", "--network", "none", "--log-driver", "none"] + withoutPrivileges
    /// What the image's own init needs to make users, start servers, and become somebody else.
    static let rightsOfInit = [
        "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID",
        "SYS_CHROOT",
        "AUDIT_WRITE",
    ]

    var command: LaunchCommand {
        var words = ["run", "--rm", "--pull", "never", "--name", name, "--hostname", hostName]
        words += ["--label", "\(ContainerLabel.kind)=\(ContainerLabel.Kind.run.rawValue)"]
        words += ["--label", "\(ContainerLabel.run)=\(run)"]
        words += ["--log-driver", "none"] + Self.withoutPrivileges + rights
        words += request.limits.words(machineMemory: machineMemory, runtime.kind)
        if let network { words += ["--network", network] }
        for port in ports { words += ["--publish", port] }
        for mount in mounts { words += ["--mount", mount.option] }
        if let display = reach.display { words += ["--env", "DISPLAY=\(display)"] }
        if let folder = reach.pluginFolder { words += ["--env", "\(Engine.pluginVariable)=\(folder)"] }
        if let limit = reach.recordingLimit { words += ["--env", "\(Launcher.recordingLimit)=\(limit)"] }
        if runtime.kind == .podman, runtime.isRootless { words += ["--userns", "keep-id"] }
        words += inside
        return LaunchCommand(
            executable: runtime.program,
            arguments: words,
            workingDirectory: workingFolder
        )
    }

    var plan: ContainerPlan {
        ContainerPlan(
            runtime: runtime,
            name: name,
            image: .init(name: image.name, id: image.id),
            lifeline: lifeline,
            mounts: mounts,
            user: user,
            publishesPorts: publishesPorts,
            innerPorts: innerPorts,
            passage: passage,
            handover: handover
        )
    }

    var containment: RunRecord.Containment {
        var containment = RunRecord.Containment(
            kind: .container,
            confined: [.writes, .reads, .signals, .calls]
        )
        containment.memory = request.limits.memory ?? EngineLimits.memory(for: machineMemory)
        containment.fileSize = request.limits.fileSize
        return containment
    }

    private var startsInit: Bool { request.startsInit || customisation != nil }

    private var handover: FileHandover? {
        isRoot && !runtime.isRootless && user.user != 0
            ? FileHandover(user: user, paths: ownedByEngine) : nil
    }

    private var ownedByEngine: [HostPath] {
        ([workingFolder] + reach.writable + reach.sockets + [lifeline]
            + request.mounts.filter { !$0.isReadOnly }.map(\.source)).uniqued()
    }

    private var innerPorts: [UInt16: UInt16] { publishesPorts ? request.innerPorts : [:] }

    /// A replay is reached by nobody and reaches nothing.
    private var network: String? {
        reach.forwards.isEmpty && request.ports.isEmpty ? "none" : request.network
    }

    /// Whether the container has a network of its own.
    var publishesPorts: Bool { network != "host" }

    /// Whatever follows the container's own words: the image, and what is run in it.
    private var inside: [String] {
        var guarded = [Self.boundaryInside.string, "--lifeline-socket", lifeline.string]
        for (number, file) in reach.inputs.sorted(by: { $0.key < $1.key }) {
            guarded += ["--input", "\(number)=\(file)"]
        }
        guard startsInit else {
            // What root alone may write, such as a snapshot that is replayed, root's group may read.
            let groups = handover == nil ? [] : ["--group-add", "0"]
            return groups + ["--init", "--user", user.description, "--workdir", workingFolder.string]
                + ["--read-only", "--tmpfs", "/tmp", "--entrypoint", guarded[0], image.id]
                + guarded.dropFirst() + engine
        }
        let folder = request.workingFolder ?? request.recordingsFolder
        // The init works as root; what it starts at last is the engine, in the folder that recordings go to.
        return ["--user", "0:0", "--workdir", folder.string, "--entrypoint", "/sbin/my_init", image.id, "--"]
            + guarded + ["--folder", workingFolder.string, "--user"]
            + [handover == nil ? user.description : "\(user):0"] + engine
    }

    private var rights: [String] {
        startsInit ? Self.rightsOfInit.flatMap { ["--cap-add", $0] } : []
    }

    private var readable: [HostPath] {
        reach.readable + (reach.pluginFolder.map { [$0] } ?? []) + reach.partlyReadable.keys.sorted()
    }

    private var mounts: [ContainerMount] {
        let written = [workingFolder] + reach.writable + reach.sockets + [lifeline]
        let read = (readable + reach.inputs.values.sorted()).filter { !written.contains($0) }
        let display = reach.display.map { _ in [ContainerMount("/tmp/.X11-unix", isReadOnly: true)] } ?? []
        let own = [ContainerMount(boundary, at: Self.boundaryInside, isReadOnly: true)]
        let passage = passage.map { [ContainerMount($0, at: "/root")] } ?? []
        return own + passage + read.uniqued().map { ContainerMount($0, isReadOnly: true) }
            + written.uniqued().map { ContainerMount($0) } + display + request.mounts + usualMounts
    }

    /// A folder in the place of the image's `/root`, which nobody but root gets through, whatever is mounted below.
    private var passage: HostPath? {
        let paths = readable + reach.writable + reach.sockets + [workingFolder, lifeline]
        return paths.contains { $0.string.hasPrefix("/root/") } ? lifeline.parent / "root" : nil
    }

    /// What the image's init and its bootstrap look for, unless the user has it elsewhere.
    private var usualMounts: [ContainerMount] {
        guard startsInit else { return [] }
        let bundle = customisation.map {
            ContainerMount($0, at: request.bootstrapFolder, isReadOnly: true)
        }
        let recordings = ContainerMount(workingFolder, at: request.recordingsFolder)
        return [bundle, recordings].compactMap { $0 }
            .filter { usual in !request.mounts.contains { $0.target == usual.target } }
    }

    private var ports: [String] {
        guard publishesPorts else { return [] }
        let own = request.ports.map { $0.published(to: $0.guestPort) }
        // The user may lead on from the container's ports himself.
        let forwards = reach.forwards.filter { forward in
            !request.ports.contains { $0.guestPort == forward.hostPort && $0.transport == forward.transport }
        }
        return own + forwards.map { $0.published(to: $0.inner(innerPorts).hostPort) }
    }

    /// A name's first label may have 63 characters, and a container's host name no others than these.
    private var hostName: String {
        let plain = name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let label = String(plain.suffix(63)).drop { $0 == "-" }
        return label.isEmpty ? "container" : String(label)
    }
}
