public import Foundation
import HostSupport

/// What a fleet is doing: the contents of `status.json`.
public struct FleetStatus: Sendable, Codable {
    /// Where the fleet is in its life.
    public enum Phase: String, Sendable, Codable {
        /// It puts right what an earlier process left.
        case reconciling
        /// It keeps its guests alive.
        case running
        /// It ends them, and starts none any more.
        case draining
        /// It has ended.
        case stopped
    }

    /// What a slot is doing.
    public enum SlotState: String, Sendable, Codable, CaseIterable {
        /// It waits until it is its turn to start a guest, or until a failure is past.
        case waiting
        /// Its guest is being started.
        case starting
        /// Its guest waits for a visitor.
        case ready
        /// Its guest is being recorded.
        case recording
        /// Its guest is ended, and what it left is collected.
        case ending
        /// It starts no guest any more.
        case stopped
    }

    /// One slot.
    public struct Slot: Sendable, Codable {
        /// Its number.
        public let number: Int
        /// What it is doing.
        public internal(set) var state = SlotState.waiting
        /// Since when.
        public internal(set) var since = Date()
        /// The run that it makes, or made last.
        public internal(set) var run: String?
        /// The host's port that leads to its guest.
        public internal(set) var port: UInt16?
        /// How many runs it has ended.
        public internal(set) var runs = 0
        /// How many of them failed.
        public internal(set) var failures = 0
        /// How many recordings they have.
        public internal(set) var recordings = 0
        /// What it waits for, or why its last run failed.
        public internal(set) var note: String?
    }

    /// Counts since the fleet's start.
    public struct Totals: Sendable, Codable {
        /// Runs that were ended.
        public internal(set) var runs = 0
        /// Runs of which nothing is kept: the fleet was drained, or nobody came in time.
        public internal(set) var discarded = 0
        /// Connections to guests.
        public internal(set) var sessions = 0
        /// Recordings that are whole.
        public internal(set) var recordings = 0
        /// Bytes of snapshots and logs.
        public internal(set) var bytes: UInt64 = 0
        /// Runs whose recordings replayed.
        public internal(set) var verified = 0
        /// Runs with a recording that did not replay.
        public internal(set) var diverged = 0
        /// Runs that failed, by the reason: the name of an ending, or of an error's kind.
        public internal(set) var failures: [String: Int] = [:]
    }

    /// How long something took, in seconds, the last thousand times.
    public struct Times: Sendable, Codable {
        /// How often it was measured.
        public internal(set) var count = 0
        /// The median.
        public internal(set) var median: Double?
        /// What nine of ten do not exceed.
        public internal(set) var ninetieth: Double?
        /// The longest.
        public internal(set) var longest: Double?
    }

    /// What waits to be replayed.
    public struct Verification: Sendable, Codable {
        /// How many runs wait.
        public internal(set) var pending = 0
        /// How many are replayed now.
        public internal(set) var running = 0
        /// For how many seconds the first has waited.
        public internal(set) var lag: Double = 0
    }

    /// What the fleet's own process uses.
    public struct Usage: Sendable, Codable {
        /// Memory that is resident, in bytes.
        public internal(set) var memory: UInt64 = 0
        /// Processor time since its start, in seconds.
        public internal(set) var processorSeconds: Double = 0
        /// Open files.
        public internal(set) var files = 0
        /// Threads.
        public internal(set) var threads = 0
    }

    /// The fleet's name.
    public let name: String
    /// The version of PANDAcap.
    public let version: String
    /// The process that runs it.
    public let process: Int32
    /// When it was started.
    public let started: Date
    /// When this was written.
    public internal(set) var updated: Date
    /// Where the fleet is in its life.
    public internal(set) var phase: Phase
    /// What keeps engines from the rest of this host, as it is in force; nothing before the first guest was planned.
    public internal(set) var containment: String?
    /// Until when no guest is started since none became ready; nothing while they are started.
    public internal(set) var breakerOpenUntil: Date?
    /// The free room on the collection's file system, in bytes.
    public internal(set) var freeBytes: UInt64?
    /// The slots.
    public internal(set) var slots: [Slot]
    /// Counts since the fleet's start.
    public internal(set) var totals = Totals()
    /// What waits to be replayed.
    public internal(set) var verification = Verification()
    /// From an engine's launch until its guest was ready.
    public internal(set) var timeToReady = Times()
    /// From the end of a recording until the slot was ready again.
    public internal(set) var turnaround = Times()
    /// What the fleet's own process uses.
    public internal(set) var usage = Usage()

    /// Reads what a fleet wrote last.
    ///
    /// - Parameter folder: The fleet's folder.
    /// - Returns: The status.
    /// - Throws: ``HostSupport/Failure`` where there is none, or where it cannot be understood.
    public static func read(from folder: FleetFolder) throws -> FleetStatus {
        guard FileSystem.exists(folder.status) else {
            throw Failure(.notFound, "there is no fleet's status \(folder.status)")
        }
        return try JSONText.decode(
            FleetStatus.self,
            from: FileSystem.read(folder.status),
            source: folder.status.string
        )
    }
}
