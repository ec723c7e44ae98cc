import Bootstrap
import Containers
import Foundation
import GuestImages
import HostSupport
import PandaEngine
import RunRecords

/// Makes the plan of starting a guest, and finds everything that would make it fail before anything is started.
struct GuestPlanner: Sendable {
    /// What was planned, and what a record of it has to say.
    struct Result: Sendable {
        let plan: GuestPlan
        let image: GuestImage
        let engine: RunRecord.Engine
    }

    /// Where a guest's files go.
    struct Places: Sendable {
        /// The folder of its logs, its disk and the engine's working folder.
        let folder: RunFolder
        /// Its disk.
        let disk: HostPath
        /// The folder in which the disks beneath its own get names; it may depend on the image.
        let shelf: @Sendable (GuestImage) -> HostPath
        /// Whether somebody may connect to its console, which is only logged otherwise.
        var hasConsole = false
    }

    let engines: EngineSource
    let images: ImageStore

    /// Makes the plan; nothing is started or written.
    ///
    /// - Parameters:
    ///   - request: What the user asks for.
    ///   - image: The guest's image.
    ///   - places: Where its files go.
    /// - Returns: The plan.
    /// - Throws: ``HostSupport/Failure`` naming what is missing, taken or too small.
    func plan(_ request: GuestRequest, _ image: GuestImage, in places: Places) async throws -> Result {
        let machine = Machine(
            architecture: image.architecture,
            memory: try memory(request.memory ?? image.memory),
            usb: image.disk != nil,
            extraArguments: request.engineArguments,
            networkDevice: request.networkDevice
        )
        try requireRoom(for: machine, in: places.folder.path, reserve: request.reserve)
        let engine = try await engines.find(machine.architecture)
        try await engine.requirePlugins(try pluginNames(request.plugins))
        _ = try request.egress.rules()
        try requireConfinement(engine, allowsUnconfined: request.allowsUnconfined)
        let forwards = try chooseForwards(request.forwards)
        guard let sshPort = forwards.hostPort(of: 22) else {
            throw Failure(.internal, "no port was chosen for ssh")
        }
        let state =
            try request.isCold || request.disk != nil
            ? nil : warmState(of: image, for: machine, engine: engine.record.sha256)
        let disk = derivedDisk(request, image, state, places)
        let writtenDisk = request.disk.flatMap { $0.isWritten ? $0.disk.path : nil }
        let volume = request.disk?.volume
        if let volume { try UserVolume.check(volume) }
        if let use = request.disk { try use.check() }
        // Not the run's id: that is unique in its collection only, and may be too long for a socket's path.
        let runtime = RuntimeFolder(path: Storage.runtimeDirectory(String(UUID().uuidString.suffix(12))))
        let stream = state.map { images.warmFolder(of: image) / $0.stream.name }
        let display = try request.display.map { try XDisplay($0, of: engine) }
        var reach = EngineReach(
            writable: [places.folder.console, runtime.sockets]
                + [disk?.path, writtenDisk].compactMap { $0 },
            readable: images.bootFiles(of: image)
                + (request.disk == nil ? [disk?.shelf].compactMap { $0 } : []),
            sockets: [runtime.agent, runtime.packets] + runtime.gate(for: request.egress),
            inputs: stream.map { [EngineArguments.stateInput: $0] } ?? [:],
            forwards: forwards,
            display: display?.name
        )
        reach.bound(request, machine, writtenDisk: writtenDisk)
        let launch = try await engine.launch(
            EngineArguments(
                machine: machine,
                egress: request.egress,
                disk: disk?.path ?? writtenDisk,
                usbVolume: image.agent == .usb && state == nil ? runtime.bundleDisk : nil,
                runtime: runtime,
                hasConsole: places.hasConsole,
                boot: images.bootArguments(of: image),
                resumes: stream != nil,
                plugins: request.plugins,
                hasCompleteSnapshotOption: engine.hasCompleteSnapshotOption,
                diskFormat: writtenDisk == nil ? "qcow2" : request.disk?.disk.format ?? "qcow2",
                isDiskKept: writtenDisk != nil,
                display: display?.backEnd ?? "none",
                options: (request.operatingSystem.map { ["-os", $0] } ?? []) + request.engineOptions
            ).words,
            in: places.folder.recordings,
            reach: reach,
            id: places.folder.path.name,
            memory: machine.memory,
            runtimeFolder: runtime.path,
            customisation: request.bundle?.bundle.scripts(of: .docker).isEmpty == false
                ? runtime.renderedContainer : nil
        )
        let plan = GuestPlan(
            image: image.name,
            machine: machine,
            command: launch.command,
            container: launch.container,
            folder: places.folder.path,
            runtimeFolder: runtime.path,
            disk: disk,
            writtenDisk: writtenDisk,
            volume: volume,
            warmState: state?.id,
            bundle: try await request.bundle.asyncMap {
                try await bundlePlan(
                    $0,
                    request,
                    image,
                    machine,
                    forwards,
                    launch.container,
                    runID: places.folder.path.name
                )
            },
            agent: image.agent,
            user: image.sshUser,
            forwards: forwards,
            sshPort: sshPort,
            hostName: try hostName(request.hostName),
            egress: request.egress,
            containment: launch.containment,
            recordingLimit: request.recordingLimit,
            readySeconds: (request.readyLimit ?? .seconds(image.readyTimeout)).seconds
        )
        return Result(
            plan: plan,
            image: image,
            engine: engine.record
        )
    }

    private func derivedDisk(
        _ request: GuestRequest,
        _ image: GuestImage,
        _ state: WarmState?,
        _ places: Places
    ) -> DerivedDisk? {
        if let use = request.disk {
            // It stays where it is and is named from there: a copy of so large a file is nobody's wish.
            let disk = use.disk
            return use.isWritten
                ? nil
                : DerivedDisk(
                    path: places.disk,
                    shelf: disk.path.parent,
                    layers: [disk.path],
                    format: disk.format
                )
        }
        let layers = images.diskLayers(of: image, from: state)
        return layers.isEmpty
            ? nil : DerivedDisk(path: places.disk, shelf: places.shelf(image), layers: layers)
    }

    /// The state to start from: the newest that fits; none where the image has none at all.
    private func warmState(of image: GuestImage, for machine: Machine, engine: String) throws -> WarmState? {
        let states = try images.warmStates(of: image)
        let obstacles = states.map { $0.obstacles(image: image, machine: machine, engine: engine) }
        if let fitting = obstacles.firstIndex(of: []) { return states[fitting] }
        guard let newest = obstacles.first else { return nil }
        throw Failure(
            .unavailable,
            "the run cannot start from the warm state of '\(image.name)': " + newest.joined(separator: "; "),
            hint: "save one that fits with 'pandacap image warm \(image.name)', or boot the guest with --cold"
        )
    }

    private func hostName(_ name: String?) throws -> String? {
        guard let name else { return nil }
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard isPlain, (1...63).contains(name.utf8.count), !name.hasPrefix("-"), !name.hasSuffix("-") else {
            throw Failure(
                .usage,
                "'\(name)' is no host name",
                hint: "use up to 63 letters, digits and hyphens, with no hyphen at either end"
            )
        }
        return name
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
    private func requireRoom(for machine: Machine, in folder: HostPath, reserve: ByteSize) throws {
        var place = folder
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

    private func requireConfinement(_ engine: UsableEngine, allowsUnconfined: Bool) throws {
        guard engine.isConfined || allowsUnconfined else {
            throw Failure(
                .unavailable,
                "this kernel has no Landlock, so a guest could make the engine write wherever you can",
                hint:
                    "boot a kernel with Landlock (Linux 5.13 or newer, lsm=landlock), run the engine in a container "
                    + "with --container, or accept the risk with --unconfined"
            )
        }
    }

    private func chooseForwards(_ wanted: [PortForward]) throws -> [PortForward] {
        var forwards = wanted
        if forwards.hostPort(of: 22) == nil {
            forwards.insert(PortForward(guestPort: 22, hostPort: 0), at: 0)
        }
        return try forwards.map { forward in
            var forward = forward
            if forward.hostPort == 0 {
                forward.hostPort = try HostPort.choose()
                return forward
            }
            try forward.requireFree(hint: "name another in --port-fwd \(forward), or 0 for one that is free")
            return forward
        }
    }
}
