import Foundation
import GuestImages
public import HostSupport
public import PandaEngine
import RunRecords

/// Makes the plan of a run, and finds everything that would make it fail before anything is started.
public struct CapturePlanner: Sendable {
    private let version: String
    private let engines: EngineFinder
    private let home: HostPath
    private let images: ImageStore

    /// Creates a planner.
    ///
    /// - Parameters:
    ///   - version: PANDAcap's version, for the record.
    ///   - engines: What finds the engine.
    ///   - home: The folder of images.
    public init(version: String, engines: EngineFinder, home: HostPath = Storage.home) {
        self.version = version
        self.engines = engines
        self.home = home
        images = ImageStore(home: home)
    }

    /// Makes the plan of a run; nothing is started or written.
    ///
    /// - Parameter request: What the user asks for.
    /// - Returns: The plan.
    /// - Throws: ``HostSupport/Failure`` naming what is missing, taken or too small.
    public func plan(_ request: CaptureRequest) async throws -> CapturePlan {
        let image = try images.load(request.image)
        guard image.architecture.hasRecctrl else {
            throw Failure(
                .unavailable,
                "the guest '\(image.name)' cannot start a recording: recctrl takes no hypercall of "
                    + "\(image.architecture.rawValue) processors"
            )
        }
        let id = try request.runID.map { try RunID(named: $0) } ?? RunID(label: image.name)
        let collection = FileSystem.absolute(request.collection)
        let files = RunFolder(collection: collection, id: id)
        guard !FileSystem.exists(files.path) else {
            throw Failure(
                .cannotCreate,
                "there is a run '\(id)' in \(collection) already",
                hint: "name another with --run-id, or leave it out; what was recorded is never written over"
            )
        }
        let machine = Machine(
            architecture: image.architecture,
            memory: try memory(request.memory ?? image.memory),
            extraArguments: request.engineArguments
        )
        try requireRoom(for: machine, in: collection, reserve: request.reserve)
        let engine = try await engines.find(machine.architecture)
        let description = try await engines.description(of: engine)
        try await EngineDescription.requirePlugins(try pluginNames(request.plugins), of: engine)
        let confined = try await requireConfinement(allowsUnconfined: request.allowsUnconfined)
        let forwards = try chooseForwards(request.forwards)
        guard let ssh = forwards.first(where: { $0.guestPort == 22 && $0.transport == .tcp }) else {
            throw Failure(.internal, "no port was chosen for ssh")
        }
        // Not the run's id: that is unique in its collection only, and may be too long for a socket's path.
        let runtime = RuntimeFolder(path: Storage.runtimeDirectory(String(UUID().uuidString.suffix(12))))
        let command = try engine.command(
            arguments(
                machine: machine,
                image: image,
                request: request,
                forwards: forwards,
                runtime: runtime,
                hasCompleteSnapshotOption: description.hasCompleteSnapshotOption
            ),
            workingDirectory: files.recordings,
            writable: confined ? [files.recordings, files.console, runtime.sockets] : nil,
            lifeline: ProcessIdentity.current
        )
        let record = RunRecord(
            id: id,
            version: version,
            image: .init(name: image.name, digest: image.digest),
            engine: .init(program: engine.program, version: description.version, sha256: description.sha256),
            machine: machine,
            command: command,
            confined: confined,
            egress: request.egress,
            forwards: forwards,
            trigger: request.trigger
        )
        return CapturePlan(
            record: record,
            folder: files.path,
            home: home,
            runtimeFolder: runtime.path,
            user: image.sshUser,
            sshPort: ssh.hostPort,
            sessionName: request.trigger == .guest ? nil : safeFileName(request.recordingName),
            command: request.command,
            recordings: request.recordings,
            readySeconds: (request.readyLimit ?? .seconds(image.readyTimeout)).seconds,
            timeLimitSeconds: request.timeLimit?.seconds,
            reserve: request.reserve
        )
    }

    private func arguments(
        machine: Machine,
        image: GuestImage,
        request: CaptureRequest,
        forwards: [PortForward],
        runtime: RuntimeFolder,
        hasCompleteSnapshotOption: Bool
    ) -> [String] {
        let network = (request.egress ? [] : ["restrict=on"]) + forwards.map(\.networkOption)
        let wiring = Machine.Wiring(
            // Relative to the working folder: QEMU would split a path at its commas and colons.
            serialPorts: ["file:../console.log", "chardev:agent"],
            networkOptions: network
        )
        // recctrl's own limits are left off: with nrec it ends the engine before the guest's output is through, and
        // its timer aborts the engine when the host ends a recording first.
        let plugins = (["recctrl:session_rec=y,nrec=0"] + request.plugins).joined(separator: ";")
        return machine.arguments(wiring) + [
            "-chardev", "socket,id=agent,path=\(runtime.agent)",
            "-chardev", "socket,id=packets,path=\(runtime.packets)",
            "-object", "filter-mirror,id=mirror0,netdev=net0,queue=all,outdev=packets",
            "-qmp", "unix:\(runtime.machineProtocol),server,nowait",
            "-no-reboot",
        ] + images.bootArguments(of: image) + ["-panda", plugins]
            + (hasCompleteSnapshotOption ? ["-complete-rr-snapshot"] : [])
    }

    private func memory(_ size: ByteSize) throws -> ByteSize {
        guard size >= .mebibytes(16), size.bytes % (1 << 20) == 0 else {
            throw Failure(
                .usage,
                "a machine cannot have \(size) of memory",
                hint: "name 16M or more in whole mebibytes"
            )
        }
        let host = ByteSize(bytes: ProcessInfo.processInfo.physicalMemory)
        guard size <= host else {
            throw Failure(.usage, "a machine of \(size) does not fit into this host's \(host) of memory")
        }
        return size
    }

    /// A full disk cuts PANDA's snapshot silently and then aborts it, so room for all of the memory is asked for.
    private func requireRoom(for machine: Machine, in collection: HostPath, reserve: ByteSize) throws {
        var place = collection
        while !FileSystem.exists(place) { place = place.parent }
        let free = try FileSystem.freeSpace(at: place)
        let wanted = ByteSize(bytes: machine.memory.bytes + reserve.bytes)
        guard free >= wanted else {
            throw Failure(
                .cannotCreate,
                "\(place) has \(free) left; a snapshot of the machine's \(machine.memory) and a reserve of "
                    + "\(reserve) need \(wanted)",
                hint: "make room, name another collection with -o, or a smaller reserve with --reserve"
            )
        }
    }

    private func pluginNames(_ plugins: [String]) throws -> [String] {
        let names = plugins.map { String($0.prefix { $0 != ":" }) }
        for (plugin, name) in zip(plugins, names)
        where name.isEmpty || plugin.contains(";") || name.contains("/") {
            throw Failure(
                .usage,
                "'\(plugin)' is no plugin",
                hint: "write NAME or NAME:ARGUMENT=VALUE,..., and --plugin once for each"
            )
        }
        guard !names.contains("recctrl") else {
            throw Failure(
                .usage,
                "the plugin recctrl is always loaded and its arguments are set by the trigger"
            )
        }
        return ["recctrl"] + names
    }

    private func requireConfinement(allowsUnconfined: Bool) async throws -> Bool {
        if try await Launcher.confinementVersion() != nil { return true }
        guard allowsUnconfined else {
            throw Failure(
                .unavailable,
                "this kernel has no Landlock, so a guest could make the engine write wherever you can",
                hint:
                    "boot a kernel with Landlock (Linux 5.13 or newer, lsm=landlock), or accept the risk with "
                    + "--unconfined"
            )
        }
        return false
    }

    private func chooseForwards(_ wanted: [PortForward]) throws -> [PortForward] {
        var forwards = wanted
        if !forwards.contains(where: { $0.guestPort == 22 && $0.transport == .tcp }) {
            forwards.insert(PortForward(guestPort: 22, hostPort: 0), at: 0)
        }
        return try forwards.map { forward in
            var forward = forward
            if forward.hostPort == 0 {
                forward.hostPort = try HostPort.choose()
                return forward
            }
            guard
                HostPort.isFree(forward.hostPort, address: forward.hostAddress, transport: forward.transport)
            else {
                throw Failure(
                    .unavailable,
                    "the \(forward.transport.rawValue) port \(forward.hostPort) at \(forward.hostAddress) is taken, "
                        + "or may not be bound by this user",
                    hint: "name another in --port-fwd \(forward), or 0 for one that is free"
                )
            }
            return forward
        }
    }
}
