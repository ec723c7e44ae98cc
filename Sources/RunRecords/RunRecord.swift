public import Foundation
public import HostSupport

/// What is known of a run: the contents of `run.json`, from which everything else can be rebuilt.
///
/// `docs/run.schema.json` describes the file.
public struct RunRecord: Sendable, Codable {
    /// The image of a container.
    public struct ContainerImage: Sendable, Codable, Hashable {
        /// What it was called.
        public let name: String
        /// What it was: `sha256:` and a digest.
        public let id: String

        /// Describes an image.
        public init(name: String, id: String) {
            self.name = name
            self.id = id
        }
    }

    /// The engine that made the recordings.
    public struct Engine: Sendable, Codable, Hashable {
        /// The program or library.
        public let program: HostPath
        /// The first line of its `-version`.
        public let version: String
        /// The SHA-256 digest of the program or library.
        public let sha256: String
        /// The container image that it is in; nothing where it is on the host.
        public let container: ContainerImage?

        /// Describes an engine.
        public init(program: HostPath, version: String, sha256: String, container: ContainerImage? = nil) {
            self.program = program
            self.version = version
            self.sha256 = sha256
            self.container = container
        }
    }

    /// The guest image.
    public struct Image: Sendable, Codable, Hashable {
        /// Its name.
        public let name: String
        /// The digest of all that it consists of.
        public let digest: String
        /// The disk file that was started, where the guest is no image of the store.
        public let disk: HostPath?

        /// Describes an image, or a disk file.
        public init(name: String, digest: String, disk: HostPath? = nil) {
            self.name = name
            self.digest = digest
            self.disk = disk
        }
    }

    /// The fleet's slot, or the campaign's item, that a run was made for.
    public struct Origin: Sendable, Codable, Hashable {
        /// What made the run.
        public enum Kind: String, Sendable, Codable {
            /// A fleet, whose slots make one run after the other.
            case fleet
            /// A campaign, whose items are made once each.
            case campaign
        }

        /// Whether it was a fleet or a campaign.
        public let kind: Kind
        /// Its name.
        public let name: String
        /// The slot's number, or the item's, from 0.
        public let number: Int
        /// How often the item had been tried before; nothing for a slot.
        public var attempt: Int?
        /// What the workload's choices follow from; nothing where it was told nothing.
        public var seed: UInt64?

        /// Describes where a run comes from.
        public init(kind: Kind, name: String, number: Int, attempt: Int? = nil, seed: UInt64? = nil) {
            self.kind = kind
            self.name = name
            self.number = number
            self.attempt = attempt
            self.seed = seed
        }
    }

    /// What starts and stops the recording.
    public enum Trigger: String, Sendable, Codable, CaseIterable {
        /// A command that is run in the guest, in a login of its own.
        case command
        /// A login over ssh by whoever comes.
        case login
        /// Whatever in the guest calls `recctrlu`.
        case guest
        /// The first connection to one of the guest's ports; the end of the last one ends it.
        case connection
        /// Words that the guest prints on its console.
        case serial
        /// The guest's readiness; a rule or the guest's end ends it.
        case atOnce = "at-once"

        /// Whether the host begins and ends the recordings, and not a hypercall of the guest.
        public var isHosts: Bool { [.connection, .serial, .atOnce].contains(self) }
    }

    /// How the guest was started, and how long it took; times count from the engine's launch, in seconds.
    public struct Start: Sendable, Codable, Hashable {
        /// The warm state that it was resumed from; none where it was booted.
        public let warmState: String?
        /// Until the guest ran: until its agent was there, or until its resumed processors went on.
        public var running: Double?
        /// Until the guest had been handed what makes it this run's own.
        public var prepared: Double?
        /// Until its ssh server answered.
        public var reachable: Double?

        /// Describes a start that lies ahead.
        public init(warmState: String?) {
            self.warmState = warmState
        }
    }

    /// How a command in the guest ended.
    public struct GuestCommand: Sendable, Codable, Hashable {
        /// The command's argument vector.
        public let arguments: [String]
        /// Its exit status; nothing where the connection was cut before it came.
        public var status: Int32?
        /// When it was started.
        public var started: Date?
        /// When it ended.
        public var ended: Date?

        /// Describes a command.
        public init(arguments: [String]) {
            self.arguments = arguments
        }
    }

    /// What the guest said to what it was handed before the recording.
    public struct Bootstrap: Sendable, Codable, Hashable {
        /// The exit status of `bootstrap.sh`; nothing where it did not end in time.
        public let status: Int32?
        /// What it printed, line by line.
        public let output: [String]

        /// Describes a bootstrap.
        public init(status: Int32?, output: [String]) {
            self.status = status
            self.output = output
        }
    }

    /// What is known of the guest's operating system, for plugins that look into it.
    public struct OSProfile: Sendable, Codable, Hashable {
        /// What PANDA's option `-os` takes, such as `linux-64-debian:6.1.0-56-amd64`; `kernelinfo.conf` is there then,
        /// unless the user named the system.
        public let os: String?
        /// Why there is no such file.
        public let reason: String?

        /// Describes a system for which there is a profile.
        public init(os: String) {
            self.os = os
            reason = nil
        }

        /// Says why there is no profile.
        public init(reason: String) {
            os = nil
            self.reason = reason
        }
    }

    /// The version of this file's layout: 1.
    public let schema: Int
    /// The run's name.
    public let id: RunID
    /// The version of PANDAcap that made it.
    public let version: String
    /// Where the run is in its life.
    public private(set) var state: RunState
    /// Why it failed.
    public private(set) var reason: String?
    /// What was not as it should be, and did not make it fail.
    public var warnings: [String] = []
    /// When the state was entered, by the state's name.
    public private(set) var times: [String: Date] = [:]
    /// The guest image.
    public let image: Image
    /// The engine.
    public let engine: Engine
    /// The machine, which a replay needs.
    public let machine: Machine
    /// The engine's command line.
    public let command: LaunchCommand
    /// Whether the kernel kept the engine from writing outside the run's folder.
    public let confined: Bool
    /// Whether the guest could reach the network beyond the host.
    public let egress: Bool
    /// Where the guest could connect to; nothing in records of before there was a choice.
    public var egressPolicy: EgressPolicy?
    /// What the guest sent and was kept from its destination; nothing where there was nothing, or it was not looked at.
    public var refused: RefusedTraffic?
    /// What kept the engine within bounds; nothing in older records.
    public var containment: Containment?
    /// What the guest did that is worth a look, by the names of ``Mark``; nothing where there was nothing.
    public var marks: [String]?
    /// The forwarded ports.
    public let forwards: [PortForward]
    /// What starts and stops the recording.
    public let trigger: Trigger
    /// The fleet's slot or the campaign's item that it was made for; nothing where a user asked for it alone.
    public var origin: Origin?
    /// The words that its maker sorted it by; nothing where there are none.
    public var tags: [String]?
    /// What its maker called it.
    public var label: String?
    /// How the guest was started.
    public var start: Start
    /// What the guest said before the recording.
    public var bootstrap: Bootstrap?
    /// The user's bundle that customised the guest, and what came of it.
    public var bundle: Bundle?
    /// How many connections to its ports were begun after the guest was ready.
    public var connections: Int?
    /// What ended the engine, such as `finished`, `time-limit`, or `engine-died`; nothing before its end.
    public var ending: String?
    /// The commands that were run in the guest, one for each recording.
    public var commands: [GuestCommand] = []
    /// The recordings.
    public var recordings: [Recording] = []
    /// What is known of the guest's operating system; nothing where nothing was recorded.
    public var osProfile: OSProfile?

    /// Describes a run that is planned.
    public init(
        id: RunID,
        version: String,
        image: Image,
        engine: Engine,
        machine: Machine,
        command: LaunchCommand,
        confined: Bool,
        egress: Bool,
        forwards: [PortForward],
        trigger: Trigger,
        start: Start = Start(warmState: nil),
        bundle: Bundle? = nil
    ) {
        schema = 1
        self.id = id
        self.version = version
        state = .planned
        times[RunState.planned.rawValue] = Date()
        self.image = image
        self.engine = engine
        self.machine = machine
        self.command = command
        self.confined = confined
        self.egress = egress
        self.forwards = forwards
        self.trigger = trigger
        self.start = start
        self.bundle = bundle
    }

    /// Goes to another state.
    ///
    /// - Parameters:
    ///   - next: The state.
    ///   - reason: Why, where it is a failure.
    /// - Throws: ``HostSupport/Failure`` with `internal` where a run's life has no such step.
    public mutating func become(_ next: RunState, because reason: String? = nil) throws {
        guard state.canBecome(next) else {
            throw Failure(.internal, "run \(id) cannot go from \(state.rawValue) to \(next.rawValue)")
        }
        state = next
        self.reason = reason
        times[next.rawValue] = Date()
    }

    /// Writes the record into its folder, whole or not at all.
    ///
    /// - Parameter folder: The run's folder.
    /// - Throws: ``HostSupport/Failure`` where it cannot be written.
    public func write(to folder: RunFolder) throws {
        try FileSystem.write(try JSONText.encode(self), to: folder.record)
    }

    /// Reads the record of a run.
    ///
    /// - Parameter folder: The run's folder.
    /// - Returns: The record.
    /// - Throws: ``HostSupport/Failure`` where there is none, or where it cannot be understood.
    public static func read(from folder: RunFolder) throws -> RunRecord {
        guard FileSystem.exists(folder.record) else {
            throw Failure(
                .notFound,
                "\(folder.path) is no run: it has no \(folder.record.name)",
                hint: "name a run's folder, such as traces/runs/RUN-ID"
            )
        }
        let data = try FileSystem.read(folder.record)
        let record = try JSONText.decode(RunRecord.self, from: data, source: folder.record.string)
        guard record.schema == 1 else {
            throw Failure(
                .badData,
                "\(folder.record) has schema \(record.schema); this program knows schema 1",
                hint: "use a newer pandacap"
            )
        }
        for name in record.recordings.map(\.name)
        where name.contains("/") || name.hasPrefix(".") || name.isEmpty {
            throw Failure(.badData, "\(folder.record) has a recording named '\(name)', which is no file name")
        }
        return record
    }
}
