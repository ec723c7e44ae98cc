public import Containers
public import GuestImages
public import HostSupport
import QMP
public import RunRecords

/// Boots a guest once, lets somebody log in, and saves it, so that runs start from there instead of booting.
public struct WarmUp: Sendable {
    /// All that is started and written, as a plain value: what `--dry-run` shows.
    public struct Plan: Sendable, Codable {
        /// The name of the state that is saved.
        public let id: String
        /// How the guest is booted.
        public let guest: GuestPlan
        /// The engine.
        public let engine: RunRecord.Engine
        /// The digest of the image.
        public let imageDigest: String
        /// How often somebody logs in before the guest is saved.
        public let logins: Int
        /// The machine's state.
        public let stream: HostPath
        /// What describes it, and makes it a state.
        public let description: HostPath
    }

    private let images: ImageStore
    private let guests: GuestPlanner
    private let console: Console

    /// Prepares to save states.
    ///
    /// - Parameters:
    ///   - engines: Where the engine comes from.
    ///   - home: The folder of images.
    ///   - console: Where steps and progress are told.
    public init(engines: EngineSource, home: HostPath = Storage.home, console: Console) {
        images = ImageStore(home: engines.path(home))
        guests = GuestPlanner(engines: engines, images: images)
        self.console = console
    }

    /// Makes the plan of saving a state; nothing is started or written.
    ///
    /// - Parameters:
    ///   - request: What the user asks for of the guest.
    ///   - logins: How often somebody is to log in before it is saved: what a first login brings into the guest's
    ///     memory, later ones find there.
    /// - Returns: The plan.
    /// - Throws: ``HostSupport/Failure`` naming what is missing, taken or too small.
    public func plan(_ request: GuestRequest, logins: Int) async throws -> Plan {
        var request = request
        request.isCold = true
        let image = try images.load(request.image)
        guard image.agent == .serial else {
            throw Failure(
                .unavailable,
                "the guest '\(image.name)' has no agent that listens after it was resumed: its agent is "
                    + "'\(image.agent.rawValue)'",
                hint: "guests without our agent are booted for each run"
            )
        }
        let folder = images.warmFolder(of: image)
        let id = RunID(label: "warm").description
        let guest = try await guests.plan(
            request,
            image,
            in: GuestPlanner.Places(
                folder: RunFolder(folder / ".\(id).boot"),
                disk: folder / "\(id).qcow2",
                shelf: { _ in folder }
            )
        )
        return Plan(
            id: id,
            guest: guest.plan,
            engine: guest.engine,
            imageDigest: image.digest,
            logins: logins,
            stream: folder / "\(id).state",
            description: folder / "\(id).json"
        )
    }

    /// Boots the guest and saves it; what was left unfinished before is removed.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - replacesOthers: Whether the image's other states go.
    /// - Returns: The state.
    /// - Throws: ``HostSupport/Failure`` where the guest does not get ready or cannot be saved; only its logs are left
    ///   of it then, until the next attempt.
    public func save(_ plan: Plan, replacesOthers: Bool) async throws -> WarmState {
        let image = try images.load(plan.guest.image)
        let lock = try images.lock(image.name)
        defer { withExtendedLifetime(lock) {} }
        guard image.digest == plan.imageDigest else {
            throw Failure(.timeout, "the image '\(image.name)' was replaced just now", hint: "try again")
        }
        removeUnfinished(of: image)
        do {
            let state = try await boot(plan)
            try FileSystem.remove(plan.guest.folder)
            if replacesOthers { try removeOthers(of: image, but: plan) }
            try FileSystem.write(try JSONText.encode(state), to: plan.description)
            return state
        } catch {
            console.endProgress()
            for file in [plan.stream, plan.guest.disk?.path].compactMap({ $0 }) {
                try? FileSystem.remove(file)
            }
            if Interrupts.count > 0 { try? FileSystem.remove(plan.guest.folder) }
            throw error
        }
    }

    private func boot(_ plan: Plan) async throws -> WarmState {
        console.step("booting \(plan.guest.image): \(plan.guest.machine.memory)")
        let (bootSeconds, _) = try await RunningGuest.run(plan.guest, for: .rehearsal, console: console) {
            guest in
            try await Interrupts.cancelling {
                try await guest.awaitRunning()
                try await guest.rehearse(.rehearsal)
                try await guest.openPorts()
                try await guest.awaitServer()
                let bootSeconds = guest.age.seconds
                console.step("booted after \(guest.age.text)")
                for number in 0..<plan.logins { try await logIn(guest, number) }
                try await guest.rehearse(.rest)
                try await settle(guest)
                try await saveState(of: guest, to: plan.stream)
                return bootSeconds
            }
        }
        let files = [plan.stream, plan.guest.disk?.path].compactMap { $0 }
        for file in files { try FileSystem.setMode(file, 0o444) }
        func describe(_ file: HostPath) async throws -> GuestImage.File {
            GuestImage.File(name: file.name, sha256: try await Digest.sha256(file))
        }
        return WarmState(
            id: plan.id,
            imageDigest: plan.imageDigest,
            engine: plan.engine,
            machine: plan.guest.machine,
            logins: plan.logins,
            bootSeconds: bootSeconds,
            stream: try await describe(plan.stream),
            streamBytes: FileSystem.size(plan.stream) ?? 0,
            disk: try await plan.guest.disk.asyncMap { try await describe($0.path) }
        )
    }

    private func logIn(_ guest: RunningGuest, _ number: Int) async throws {
        try await console.step("login \(number + 1)") {
            let ssh = Tool("ssh", package: "openssh-client")
            // A terminal, so that the guest starts what it starts for people.
            let words = guest.plan.ssh.arguments(command: ["true"])
            try await ssh.run(["-n", "-tt"] + words)
            try await ssh.run(["-n"] + words)
        }
    }

    /// A guest that still works at its boot would go on with that in every run.
    private func settle(_ guest: RunningGuest) async throws {
        var idle = 0
        let deadline = ContinuousClock.now + .seconds(60)
        var used = await guest.processorSeconds
        while idle < 3, ContinuousClock.now < deadline {
            console.progress("waiting until the guest is idle")
            try await Task.sleep(for: .seconds(1))
            let now = await guest.processorSeconds
            idle = now - used < 0.25 ? idle + 1 : 0
            used = now
        }
    }

    private func saveState(of guest: RunningGuest, to file: HostPath) async throws {
        try await console.step("saving") {
            try await guest.control.stop()
            let receiver = try StateReceiver(socket: guest.plan.runtime.state, file: file)
            try guest.plan.container?.handOver(guest.plan.runtime.state)
            try await guest.control.setMigrationSpeed(bytesPerSecond: 1 << 40)
            try await guest.control.migrate(to: "unix:\(guest.plan.runtime.state)")
            try await receiver.finish()
            let end = try await poll(for: .seconds(30)) { () -> MigrationStatus? in
                let status = try await guest.control.queryMigrate()
                return status.isCompleted || status.isFailed ? status : nil
            }
            guard end?.isCompleted == true else {
                throw Failure(
                    .unavailable,
                    "the engine did not save the guest: \(end?.problem ?? end?.state ?? "no end in sight")"
                )
            }
        }
    }

    private func removeUnfinished(of image: GuestImage) {
        let folder = images.warmFolder(of: image)
        let names = FileSystem.list(folder)
        let whole = Set(names.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(".json".count)) })
        for name in names {
            let isPart = name.hasSuffix(".state") || (name.hasSuffix(".qcow2") && name != "base.qcow2")
            let id = name.split(separator: ".").first.map(String.init) ?? ""
            if name.hasSuffix(".boot") || (isPart && !whole.contains(id)) {
                try? FileSystem.remove(folder / name)
            }
        }
    }

    private func removeOthers(of image: GuestImage, but plan: Plan) throws {
        let folder = images.warmFolder(of: image)
        let kept = [plan.stream.name, plan.description.name, plan.guest.disk?.path.name, "base.qcow2"]
        for name in FileSystem.list(folder) where !kept.contains(name) && !name.hasSuffix(".boot") {
            try FileSystem.remove(folder / name)
        }
    }
}
