public import Foundation

/// One recording of a run: a snapshot and a log.
public struct Recording: Sendable, Codable, Hashable {
    /// A file of a recording.
    public struct File: Sendable, Codable, Hashable {
        /// The file's name in the run's `rr`.
        public let name: String
        /// Its size in bytes.
        public let bytes: UInt64
        /// Its SHA-256 digest, in hexadecimal.
        public let sha256: String

        /// Describes a file.
        public init(name: String, bytes: UInt64, sha256: String) {
            self.name = name
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    /// Whether the log is whole.
    public enum Structure: String, Sendable, Codable {
        /// The log has its header and ends with its end entry.
        case complete
        /// The engine did not end the recording: it was killed, or its disk was full.
        case notEnded = "not-ended"
        /// The log or the snapshot breaks the rules of its format.
        case damaged
    }

    /// Where a recording comes from that was made of another one whose log was not whole.
    public struct Salvage: Sendable, Codable, Hashable {
        /// The name of the other recording.
        public let from: String
        /// How many whole entries of its log were given up.
        public let entriesDropped: UInt64
        /// How many bytes of its log were given up.
        public let bytesDropped: UInt64

        /// Describes what a recording was made of.
        public init(from: String, entriesDropped: UInt64, bytesDropped: UInt64) {
            self.from = from
            self.entriesDropped = entriesDropped
            self.bytesDropped = bytesDropped
        }
    }

    /// The recording's name, which is the common part of its files' names.
    public let name: String
    /// When the log was opened.
    public var started: Date?
    /// When the log was closed.
    public var ended: Date?
    /// The snapshot of the machine at the start, where there is one.
    public var snapshot: File?
    /// The log of nondeterministic inputs, where there is one.
    public var log: File?
    /// Whether the log is whole.
    public var structure: Structure
    /// What is wrong with its structure.
    public var problem: String?
    /// How many instructions the guest executed while it was recorded.
    public var instructions: UInt64?
    /// How many entries the log has.
    public var entries: UInt64?
    /// What it was salvaged from; nothing where the engine wrote it as it is.
    public var salvaged: Salvage?
    /// What the last replay came to.
    public var verification: Verification?

    /// Describes a recording.
    public init(name: String, structure: Structure) {
        self.name = name
        self.structure = structure
    }
}

/// What came of a replay.
public struct Verification: Sendable, Codable, Hashable {
    /// How a replay can end.
    public enum Verdict: String, Sendable, Codable {
        /// The engine replayed the log to its end.
        case replayed
        /// The engine found that the replay departs from the log, or crashed in it.
        case diverged
        /// The replay was given up: it stood still, or it was interrupted.
        case stopped
    }

    /// How it ended.
    public let verdict: Verdict
    /// When it ended.
    public let time: Date
    /// How long it took, in seconds.
    public let seconds: Double
    /// The instructions that the log says there are.
    public let instructions: UInt64?
    /// The engine that replayed it: the first line of its `-version`.
    public let engineVersion: String
    /// The SHA-256 digest of that engine.
    public let engineSHA256: String
    /// What the engine said, where the replay did not come to its end.
    public let problem: String?

    /// Describes a replay.
    public init(
        verdict: Verdict,
        time: Date,
        seconds: Double,
        instructions: UInt64?,
        engineVersion: String,
        engineSHA256: String,
        problem: String?
    ) {
        self.verdict = verdict
        self.time = time
        self.seconds = seconds
        self.instructions = instructions
        self.engineVersion = engineVersion
        self.engineSHA256 = engineSHA256
        self.problem = problem
    }
}
