public import Containers
import GuestImages
public import HostSupport
import RunRecords

/// Makes the plan of a run, and finds everything that would make it fail before anything is started.
public struct CapturePlanner: Sendable {
    private let version: String
    private let home: HostPath
    private let images: ImageStore
    private let guests: GuestPlanner
    private let engines: EngineSource

    /// Creates a planner.
    ///
    /// - Parameters:
    ///   - version: PANDAcap's version, for the record.
    ///   - engines: Where the engine comes from.
    ///   - home: The folder of images.
    public init(version: String, engines: EngineSource, home: HostPath = Storage.home) {
        self.version = version
        self.home = home
        self.engines = engines
        images = ImageStore(home: engines.path(home))
        guests = GuestPlanner(engines: engines, images: images)
    }

    /// Makes the plan of a run; nothing is started or written.
    ///
    /// - Parameter request: What the user asks for.
    /// - Returns: The plan.
    /// - Throws: ``HostSupport/Failure`` naming what is missing, taken or too small.
    public func plan(_ request: CaptureRequest) async throws -> CapturePlan {
        let image =
            try request.guest.disk.map { $0.disk.guest($0.architecture, agent: $0.agent) }
            ?? images.load(request.guest.image)
        try requireRecorder(image, request)
        let id = try request.runID.map { try RunID(named: $0) } ?? RunID(label: image.name)
        let collection = engines.path(request.collection)
        let files = RunFolder(collection: collection, id: id)
        guard !FileSystem.exists(files.path) else {
            throw Failure(
                .cannotCreate,
                "there is a run '\(id)' in \(collection) already",
                hint: "name another with --run-id, or leave it out; what was recorded is never written over"
            )
        }
        let guest = try await guests.plan(
            request.guest.bounded(by: request),
            image,
            in: GuestPlanner.Places(folder: files, disk: files.disk) { image in
                collection / "disks/\(image.name)-\(image.disk?.sha256.prefix(12) ?? "")"
            }
        )
        var record = RunRecord(
            id: id,
            version: version,
            image: .init(name: image.name, digest: image.digest, disk: request.guest.disk?.disk.path),
            engine: guest.engine,
            machine: guest.plan.machine,
            command: guest.plan.command,
            confined: guest.plan.containment.kind != .none,
            egress: request.guest.egress != .denied,
            forwards: guest.plan.forwards,
            trigger: request.trigger,
            start: .init(warmState: guest.plan.warmState),
            bundle: guest.plan.bundle?.record
        )
        record.origin = request.origin
        record.tags = try RunTags.kept(request.guest.tags)
        record.label = try RunTags.kept(label: request.guest.label)
        record.egressPolicy = request.guest.egress
        record.containment = guest.plan.containment
        record.warnings += [request.guest.disk?.warning].compactMap { $0 }
        record.osProfile = request.guest.operatingSystem.map { .init(os: $0) }
        return CapturePlan(
            record: record,
            guest: guest.plan,
            home: home,
            sessionName: [.command, .login].contains(request.trigger)
                ? safeFileName(request.recordingName) : nil,
            command: request.command,
            recordings: request.recordings,
            recordingName: safeFileName(request.recordingName),
            serial: request.serial,
            stops: request.stops,
            reserve: request.guest.reserve
        )
    }

    private func requireRecorder(_ image: GuestImage, _ request: CaptureRequest) throws {
        guard image.architecture.hasRecctrl || request.trigger.isHosts else {
            throw Failure(
                .unavailable,
                "the guest '\(image.name)' cannot start a recording: recctrl takes no hypercall of "
                    + "\(image.architecture.rawValue) processors"
            )
        }
        guard image.agent != .none || request.command.isEmpty else {
            throw Failure(
                .unavailable,
                "the guest '\(image.name)' takes nothing from the host, so nobody can run a command in it by key",
                hint: "log in yourself: pandacap record \(image.name) --login"
            )
        }
    }
}
