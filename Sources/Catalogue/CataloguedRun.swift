public import Foundation
public import RunRecords

/// What the catalogue knows of a run.
public struct CataloguedRun: Sendable, Hashable, Codable {
    /// Where a run is in its life; `damaged` where its record cannot be read.
    public enum State: String, Sendable, Codable, CaseIterable {
        /// As in ``RunRecords/RunState``.
        case planned, starting, ready, recording, recorded, verified, diverged, failed
        /// The folder has no record, or one that cannot be understood.
        case damaged

        /// The state of a run whose record is sound.
        public init(_ state: RunState) {
            self =
                switch state {
                case .planned: .planned
                case .starting: .starting
                case .ready: .ready
                case .recording: .recording
                case .recorded: .recorded
                case .verified: .verified
                case .diverged: .diverged
                case .failed: .failed
                }
        }

        /// Whether nothing will become of the run by itself any more.
        public var isFinal: Bool { [.verified, .diverged, .failed, .damaged].contains(self) }
        /// Whether the run's engine may run.
        public var isGoingOn: Bool { !isFinal && self != .recorded }
    }

    /// The name of the run's folder in the collection's `runs`, which is the run's id.
    public let id: String
    /// The number of the last change; each change of any run has a greater one than all before.
    public let change: Int64
    /// Where it is in its life.
    public let state: State
    /// Why it failed, or why its record cannot be read.
    public let reason: String?
    /// When it was planned; of a damaged one, when its folder was changed last.
    public let planned: Date
    /// When its engine was started.
    public let started: Date?
    /// When its engine had ended.
    public let ended: Date?
    /// The name of its guest image; nothing of a damaged one.
    public let image: String?
    /// What starts and stops its recordings.
    public let trigger: RunRecord.Trigger?
    /// The fleet's slot or campaign's item that it was made for.
    public let origin: RunRecord.Origin?
    /// What ended its engine.
    public let ending: String?
    /// What its guest did that is worth a look, such as `too-many-recordings`.
    public let marks: [String]
    /// The words that its maker sorted it by.
    public let tags: [String]
    /// What its maker called it.
    public let label: String?
    /// How many connections to its ports were begun.
    public let connections: Int?
    /// How many recordings it has.
    public let recordings: Int
    /// How many of them have replayed to their end.
    public let verified: Int
    /// What its folder takes of the disk; nothing before its engine has ended.
    public let bytes: UInt64?
    /// How many peers are known; nothing before its engine has ended.
    public let peers: Int?
}

/// A change of the catalogue.
public struct CatalogueChange: Sendable, Hashable, Codable {
    /// Its number.
    public let number: Int64
    /// The run that changed.
    public let id: String
    /// What is known of it now; nothing where it was removed.
    public let run: CataloguedRun?
}

/// Sums over all runs.
public struct CatalogueTotals: Sendable, Hashable, Codable {
    /// How many runs there are of each state.
    public var states: [String: Int] = [:]
    /// How many runs there are.
    public var runs = 0
    /// How many recordings they have.
    public var recordings = 0
    /// How many of these have replayed to their end.
    public var verified = 0
    /// What the runs' folders take of the disk, as far as it is known.
    public var bytes: UInt64 = 0
    /// How many peers are known.
    public var peers = 0
}
