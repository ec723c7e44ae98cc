public import Capture
import Foundation
public import HostSupport
public import RunRecords

/// What a fleet will do, as a plain value: the file with every default filled in.
public struct FleetPlan: Sendable, Codable {
    /// One of the guests that are kept alive.
    public struct Slot: Sendable, Codable, Hashable {
        /// Its number, from 0.
        public let number: Int
        /// The port that leads to it; the host's is 0 where any that is free will do.
        public let forward: PortForward
    }

    /// What a host has for its guests.
    public struct Host: Sendable {
        /// How many processors.
        public let processors: Int
        /// How much memory.
        public let memory: ByteSize

        /// Describes a host.
        public init(processors: Int, memory: ByteSize) {
            self.processors = processors
            self.memory = memory
        }

        /// The host that this process runs on.
        public static var this: Host {
            let process = ProcessInfo.processInfo
            return Host(
                processors: process.activeProcessorCount,
                memory: ByteSize(bytes: process.physicalMemory)
            )
        }
    }

    /// The fleet's name.
    public let name: String
    /// The folder that runs are kept in.
    public let collection: HostPath
    /// The folder that relative paths of the file start from.
    public let folder: HostPath
    /// The guest.
    public let guest: GuestSettings
    /// The slots.
    public let slots: [Slot]
    /// What starts and stops a recording.
    public let trigger: RunRecord.Trigger
    /// What the guest prints when the host is to begin and to end a recording.
    public let serial: SerialWords?
    /// How many recordings are made of one guest.
    public let recordings: Int
    /// What ends a run.
    public let limits: StopRules
    /// How large the collection may get.
    public let diskBudget: ByteSize?
    /// How much room is left free.
    public let reserve: ByteSize
    /// How much memory the machines may have together; what this host has where nothing was said.
    public let memoryBudget: ByteSize
    /// How long after one slot the next is started for the first time, in seconds.
    public let staggerSeconds: Double
    /// How many guests are started at once.
    public let startsAtOnce: Int
    /// How long a slot waits after a failure, in seconds.
    public let pauseSeconds: Double
    /// The longest that it waits, in seconds.
    public let longestPauseSeconds: Double
    /// After how many failures to start in a row none is started for a while.
    public let breakerLimit: Int
    /// How many recordings are replayed at once; 0 for none.
    public let verifiers: Int
    /// The port for Prometheus.
    public let metricsPort: UInt16?

    /// Fills in the defaults.
    ///
    /// - Parameters:
    ///   - file: The file's contents.
    ///   - folder: The folder that the file lies in.
    ///   - collection: Where runs are kept instead of where the file says.
    ///   - host: What this host has.
    public init(
        _ file: FleetFile,
        in folder: HostPath,
        collection: HostPath? = nil,
        host: Host = .this
    ) {
        name = file.name
        self.folder = FileSystem.absolute(folder)
        self.collection = collection.map(FileSystem.absolute) ?? self.folder / (file.collection ?? "traces")
        guest = file.guest
        let ports = file.ports ?? .init()
        slots = (0..<file.slots).map { number in
            let first = ports.first ?? []
            let base = ports.base ?? 0
            let port = first.indices.contains(number) ? first[number] : base == 0 ? 0 : base + UInt16(number)
            return Slot(
                number: number,
                forward: PortForward(
                    guestPort: ports.guest ?? 22,
                    hostPort: port,
                    isLocal: ports.scope != .all
                )
            )
        }
        trigger = file.trigger ?? .guest
        serial = file.serial
        recordings = file.recordings ?? 1
        limits = file.limits ?? StopRules()
        diskBudget = file.budget?.disk
        reserve = file.budget?.reserve ?? .mebibytes(1024)
        memoryBudget = file.budget?.memory ?? host.memory
        staggerSeconds = file.starts?.stagger?.duration.seconds ?? 0.2
        startsAtOnce = file.starts?.atOnce ?? max(host.processors, 1)
        pauseSeconds = file.starts?.pause?.duration.seconds ?? 1
        longestPauseSeconds = file.starts?.longestPause?.duration.seconds ?? 300
        breakerLimit = file.starts?.breaker ?? max(5, 2 * file.slots)
        verifiers = file.verifiers ?? max(host.processors / 2, 1)
        metricsPort = file.metricsPort
    }

    /// What is asked for of one run of a slot.
    ///
    /// - Parameters:
    ///   - slot: The slot.
    ///   - id: The run's name.
    ///   - guest: What is asked for of the guest, without the slot's port.
    /// - Returns: The request.
    func request(for slot: Slot, id: RunID, guest: GuestRequest) -> CaptureRequest {
        var guest = guest
        guest.forwards = [slot.forward]
        guest.reserve = reserve
        var request = CaptureRequest(guest: guest, collection: collection, trigger: trigger)
        request.runID = id.description
        request.recordings = recordings
        request.stops = limits
        request.serial = serial
        request.origin = RunRecord.Origin(kind: .fleet, name: name, number: slot.number)
        return request
    }
}
