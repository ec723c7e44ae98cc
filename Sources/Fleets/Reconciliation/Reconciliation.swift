import Foundation
public import RunRecords

/// What was left over in a collection, and what became of it.
public struct Reconciliation: Sendable, Encodable {
    /// What can become of a leftover.
    public enum Deed: String, Sendable, Encodable {
        /// The run's own process had died; what it recorded is whole, and is to be replayed.
        case recorded
        /// The run's own process had died, and nothing whole was recorded.
        case failed
        /// A recording that was not ended was made one that replays.
        case salvaged
        /// A recording that was not ended could not be salvaged.
        case lost
        /// The run's record is missing or cannot be understood; everything in the folder is left as it is.
        case damaged
        /// An engine that went on without its capture was ended.
        case engineEnded = "engine-ended"
        /// A container that went on without its capture was ended.
        case containerEnded = "container-ended"
        /// What a process that died had left was removed.
        case removed
        /// It was not possible.
        case notDone = "not-done"
    }

    /// One leftover.
    public struct Finding: Sendable, Encodable, Hashable {
        /// The run, or the path of what belongs to none.
        public let subject: String
        /// What became of it.
        public let deed: Deed
        /// What there is to be said.
        public let note: String?
    }

    /// A run that was recorded and not replayed yet.
    public struct Pending: Sendable, Encodable {
        /// The run's record.
        public let record: RunRecord
        /// The run's folder.
        public let folder: RunFolder

        /// Encodes the run's id, which is enough for whoever reads a report.
        ///
        /// - Parameter encoder: The encoder to write to.
        /// - Throws: What the encoder throws.
        public func encode(to encoder: any Encoder) throws { try record.id.encode(to: encoder) }
    }

    /// What was found, in the order of the runs.
    public internal(set) var findings: [Finding] = []
    /// The runs whose recordings are to be replayed.
    public internal(set) var unverified: [Pending] = []
    /// The runs that are going on.
    public internal(set) var goingOn: [String] = []
    /// How many run folders there are.
    public internal(set) var folders = 0
    /// How many of them were looked into; the others have not changed since the last time.
    public internal(set) var examined = 0
}
