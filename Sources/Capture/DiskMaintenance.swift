public import Containers
import Foundation
import GuestImages
public import HostSupport
import QMP
import RunRecords

/// Boots a disk file of the user's for work by hand in it; what the guest writes stays in the file.
public struct DiskMaintenance: Sendable {
    /// All that is started and written, as a plain value: what `--dry-run` shows.
    public struct Plan: Sendable, Codable {
        /// How the guest is booted.
        public let guest: GuestPlan
        /// The engine.
        public let engine: HostPath
        /// Why hardware virtualisation is not used; nothing where it is.
        public let noHardware: String?
    }

    private let engines: EngineSource
    private let images: ImageStore
    private let cache: HostPath
    private let console: Console

    /// Prepares to boot disks.
    ///
    /// - Parameters:
    ///   - engines: Where the engine comes from.
    ///   - home: The folder of images.
    ///   - cache: Where it is kept whether hardware virtualisation works.
    ///   - console: Where steps are told.
    public init(
        engines: EngineSource,
        home: HostPath = Storage.home,
        cache: HostPath = Storage.cache,
        console: Console
    ) {
        self.engines = engines
        images = ImageStore(home: engines.path(home))
        self.cache = cache
        self.console = console
    }

    /// Makes the plan of booting a disk.
    ///
    /// - Parameters:
    ///   - request: What the user asks for of the guest, with the disk; less memory than ``Maintenance/memory`` is
    ///     raised to it.
    ///   - folder: The folder for logs, which is gone afterwards.
    ///   - usesHardware: Whether hardware virtualisation may be used where it works.
    /// - Returns: The plan.
    /// - Throws: ``HostSupport/Failure`` naming what is missing, taken or too small.
    public func plan(_ request: GuestRequest, in folder: HostPath, usesHardware: Bool) async throws -> Plan {
        var request = request
        guard let use = request.disk else { throw Failure(.internal, "no disk was named") }
        let guest = use.disk.guest(use.architecture, agent: .none)
        request.memory = max(request.memory ?? guest.memory, Maintenance.memory)
        let noHardware = usesHardware ? try await hardwareProblem(guest) : "it was ruled out with --no-kvm"
        if noHardware == nil { request.engineArguments.append("-enable-kvm") }
        let planner = GuestPlanner(engines: engines, images: images)
        let planned = try await planner.plan(
            request,
            guest,
            in: GuestPlanner.Places(
                folder: RunFolder(engines.path(folder)),
                disk: folder / "disk.qcow2",
                shelf: { _ in folder },
                hasConsole: true
            )
        )
        return Plan(guest: planned.plan, engine: planned.engine.program, noHardware: noHardware)
    }

    /// The disk's own kernel is inside it, so that of an image of the same architecture is tried.
    private func hardwareProblem(_ guest: GuestImage) async throws -> String? {
        let kernels = try images.list().filter { $0.architecture == guest.architecture }.compactMap { image in
            image.kernel.map { images.path(of: $0, in: image) }
        }
        guard let kernel = kernels.first else {
            return "there is no kernel of \(guest.architecture.rawValue) guests to try it with; "
                + "'pandacap image build tiny --arch \(guest.architecture.rawValue)' makes an image that has one"
        }
        return try await engines.hardwareProblem(guest.architecture, kernel: kernel, cache: cache, console)
    }

    /// Boots the disk, and waits until the guest powers itself off, or until the user asks for the end.
    ///
    /// - Parameter plan: The plan.
    /// - Throws: ``HostSupport/Failure`` where the guest does not start, or does not heed its power button.
    public func maintain(_ plan: Plan) async throws {
        try FileSystem.remove(plan.guest.folder)
        defer { try? FileSystem.remove(plan.guest.folder) }
        console.step(
            "booting \(plan.guest.writtenDisk?.string ?? plan.guest.image): \(plan.guest.machine.memory)"
        )
        if let problem = plan.noHardware { console.detail("without hardware virtualisation: \(problem)") }
        _ = try await RunningGuest.run(plan.guest, for: .rehearsal, console: console) { guest in
            try await guest.openPorts()
            for forward in guest.plan.forwards {
                console.step("its port \(forward.guestPort) is \(forward.hostAddress):\(forward.hostPort)")
            }
            console.step("its console, until Ctrl-]: \(shellLine(guest.plan.consoleCommand))")
            console.step("waiting until it is powered off; Ctrl-C presses its power button")
            try await awaitEnd(of: guest)
        }
    }

    private func awaitEnd(of guest: RunningGuest) async throws {
        while guest.engine.status == nil, Interrupts.count == 0 {
            _ = try await guest.engine.exit(within: .milliseconds(200))
        }
        if guest.engine.status == nil { try await pressPowerButton(of: guest) }
        guard guest.engine.status == .exited(0) else {
            throw RunningGuest.failure(of: guest.engine, guest.plan)
        }
    }

    private func pressPowerButton(of guest: RunningGuest) async throws {
        console.step("shutting the guest down; Ctrl-C again pulls its plug")
        try await guest.control.systemPowerdown()
        let limit = Duration.seconds(120)
        let deadline = ContinuousClock.now + limit
        while guest.engine.status == nil, Interrupts.count < 2, ContinuousClock.now < deadline {
            _ = try await guest.engine.exit(within: .milliseconds(200))
        }
        guard guest.engine.status == nil else { return }
        throw Failure(
            .guest,
            Interrupts.count > 1
                ? "the guest's plug was pulled, so its disk may lack what was written last"
                : "the guest did not shut down within \(limit.text), and its plug was pulled",
            hint: "have it heed its power button (ACPI), or end your work with 'poweroff'"
        )
    }
}
