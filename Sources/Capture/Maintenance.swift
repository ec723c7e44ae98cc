public import Containers
import Foundation
public import GuestImages
public import HostSupport
import QMP
import RunRecords

/// Boots a writable copy of an image's disk for work by hand, and makes a new version of the image from it.
public struct Maintenance: Sendable {
    /// The memory that the guest gets at least: package managers and compilers want more than what is recorded has.
    public static let memory = ByteSize.mebibytes(4096)

    /// What the user works with while the guest runs.
    public struct Session: Sendable {
        /// The `ssh` command line that logs in.
        public let login: [String]
        /// The command line that takes the terminal to the guest's console; Ctrl-] leads back.
        public let console: [String]
        let guest: RunningGuest

        /// Arguments of `ssh` that run a command in the guest, or log in where there is none.
        public func arguments(command: [String]) -> [String] {
            guest.plan.ssh.arguments(command: command)
        }
    }

    /// All that is started and written, as a plain value: what `--dry-run` shows.
    public struct Plan: Sendable, Codable {
        /// How the guest is booted.
        public let guest: GuestPlan
        /// The digest of the image.
        public let imageDigest: String
        /// Why hardware virtualisation is not used; nothing where it is.
        public let noHardware: String?
    }

    private let images: ImageStore
    private let engines: EngineSource
    private let cache: HostPath
    private let console: Console

    /// Prepares to maintain images.
    ///
    /// - Parameters:
    ///   - engines: Where the engine comes from.
    ///   - home: The folder of images.
    ///   - cache: Where it is kept whether hardware virtualisation works.
    ///   - console: Where steps and progress are told.
    public init(
        engines: EngineSource,
        home: HostPath = Storage.home,
        cache: HostPath = Storage.cache,
        console: Console
    ) {
        images = ImageStore(home: engines.path(home))
        self.engines = engines
        self.cache = cache
        self.console = console
    }

    /// Makes the plan of booting an image's copy.
    ///
    /// - Parameters:
    ///   - request: What the user asks for of the guest; less memory than ``memory`` is raised to it.
    ///   - usesHardware: Whether hardware virtualisation may be used where it works.
    /// - Returns: The plan.
    /// - Throws: ``HostSupport/Failure`` where the image has no disk, or naming what is missing, taken or too small.
    public func plan(_ request: GuestRequest, usesHardware: Bool) async throws -> Plan {
        var request = request
        let image = try images.load(request.image)
        guard image.disk != nil else {
            throw Failure(
                .usage,
                "the image '\(image.name)' has no disk, so nothing that is changed in it would stay",
                hint: "change its recipe and build it anew"
            )
        }
        request.isCold = true
        request.memory = max(request.memory ?? image.memory, Self.memory)
        let noHardware = usesHardware ? try await hardwareProblem(image) : "it was ruled out with --no-kvm"
        if noHardware == nil { request.engineArguments.append("-enable-kvm") }
        let folder = images.folder / ".\(image.name).maintained"
        let planner = GuestPlanner(engines: engines, images: images)
        let planned = try await planner.plan(
            request,
            image,
            in: GuestPlanner.Places(
                folder: RunFolder(folder),
                disk: folder / "disk.qcow2",
                shelf: { _ in folder / "base" },
                hasConsole: true
            )
        )
        return Plan(guest: planned.plan, imageDigest: image.digest, noHardware: noHardware)
    }

    private func hardwareProblem(_ image: GuestImage) async throws -> String? {
        guard let kernel = image.kernel else { return "the image has no kernel of its own to try it with" }
        return try await engines.hardwareProblem(
            image.architecture,
            kernel: images.path(of: kernel, in: image),
            cache: cache,
            console
        )
    }

    /// Boots the copy, lets the user work, shuts the guest down, and makes a new version of the image or none.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - work: What the user does; it returns whether the changes are kept.
    /// - Returns: The new version of the image; nothing where the changes are dropped.
    /// - Throws: ``HostSupport/Failure`` where the guest does not get ready or does not shut down; the image stays as it
    ///   is then.
    public func maintain(_ plan: Plan, work: (Session) async throws -> Bool) async throws -> GuestImage? {
        let image = try images.load(plan.guest.image)
        let lock = try images.lock(image.name)
        defer { withExtendedLifetime(lock) {} }
        guard image.digest == plan.imageDigest else {
            throw Failure(.timeout, "the image '\(image.name)' was replaced just now", hint: "try again")
        }
        try FileSystem.remove(plan.guest.folder)
        defer { try? FileSystem.remove(plan.guest.folder) }
        console.step("booting a copy of \(image.name): \(plan.guest.machine.memory)")
        if let problem = plan.noHardware { console.detail("without hardware virtualisation: \(problem)") }
        let (isKept, _) = try await RunningGuest.run(plan.guest, for: .rehearsal, console: console) { guest in
            try await Interrupts.cancelling {
                try await guest.awaitRunning()
                try await guest.rehearse(.rehearsal)
                try await guest.openPorts()
                try await guest.awaitServer()
            }
            console.step("ready after \(guest.age.text)")
            let session = Session(
                login: ["ssh"] + guest.plan.ssh.arguments(command: []),
                console: guest.plan.consoleCommand,
                guest: guest
            )
            let isKept = try await work(session)
            if isKept { try await shutDown(guest) }
            return isKept
        }
        guard isKept, let disk = plan.guest.disk else { return nil }
        return try await console.step("making version \(image.version + 1) of \(image.name)") {
            try await images.publish(disk.path, asNewVersionOf: image)
        }
    }

    /// A disk that was not shut down would be checked in every boot, and may lack what was written last.
    private func shutDown(_ guest: RunningGuest) async throws {
        if guest.plan.agent == .serial { try await guest.rehearse(.strip) }
        // Where the guest's system does not heed its power button, it heeds its own command.
        try await guest.control.systemPowerdown()
        let limit = Duration.seconds(120)
        let end = try await console.step("shutting the guest down") {
            try await guest.engine.exit(within: limit)
        }
        guard end == .exited(0) else {
            throw Failure(
                .guest,
                "the guest did not shut down within \(limit.text), so its disk is not whole; the image stays as it was",
                hint: "have it heed its power button (ACPI), or end your work with 'poweroff'"
            )
        }
    }
}
