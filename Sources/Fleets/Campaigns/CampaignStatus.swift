public import Foundation
public import HostSupport
import RunRecords

/// How far a campaign is, read from the folders of its runs.
public struct CampaignStatus: Sendable, Codable {
    /// Where an item is.
    public enum ItemState: String, Sendable, Codable, CaseIterable {
        /// It was not begun, or is to be tried again.
        case pending
        /// A run of it is going on, or the process that made it has died.
        case running
        /// A run of it is to be replayed.
        case recorded
        /// There is a run of it whose recordings replay.
        case verified
        /// It was tried as often as it may, and the last recording does not replay.
        case diverged
        /// It was tried as often as it may.
        case failed

        /// Whether nothing more is done for it.
        public var isFinal: Bool { self == .verified || self == .diverged || self == .failed }
    }

    /// One item.
    public struct Item: Sendable, Codable {
        /// Its number.
        public let number: Int
        /// What it is, for people.
        public let text: String
        /// What its workload's choices follow from.
        public let seed: UInt64
        /// Where it is.
        public let state: ItemState
        /// How many runs were made for it.
        public let attempts: Int
        /// The run that decides its state.
        public let run: String?
        /// What the workload's commands ended with in that run.
        public let commandStatuses: [Int32]
        /// Why it is not verified, or what its last run came to.
        public let reason: String?
        /// How long that run and its replays took, in seconds.
        public let seconds: Double?
        /// When the run ended.
        public let ended: Date?
        /// The bytes of its recordings.
        public let bytes: UInt64
    }

    /// The campaign's name.
    public let name: String
    /// The campaign's folder.
    public let folder: HostPath
    /// Whether a process makes items, or waits for a cluster to make them.
    public internal(set) var isGoingOn: Bool
    /// How many items there are.
    public let total: Int
    /// How many of them are in which state, by the state's name.
    public let counts: [String: Int]
    /// How many runs were made.
    public let attempts: Int
    /// The bytes of the verified items' recordings.
    public let bytes: UInt64
    /// When the first run was planned.
    public let started: Date?
    /// When the last run ended.
    public let ended: Date?
    /// The items.
    public let items: [Item]

    /// How many items are in a state.
    public func count(_ state: ItemState) -> Int { counts[state.rawValue] ?? 0 }

    /// Whether nothing more is to be done.
    public var isComplete: Bool { items.allSatisfy(\.state.isFinal) }

    /// The exit code that tells how far it is.
    ///
    /// 0 where all items are verified, 76 where some failed, 80 where some diverged and none failed, 75 where some are
    /// still to be made.
    public var exitCode: Int32 {
        guard isComplete else { return Failure.Code.timeout.exitCode }
        if count(.failed) > 0 { return Failure.Code.guest.exitCode }
        return count(.diverged) > 0 ? Failure.Code.diverged.exitCode : 0
    }

    /// Reads how far a campaign is.
    ///
    /// - Parameter folder: The campaign's folder.
    /// - Returns: The status.
    /// - Throws: ``HostSupport/Failure`` where the campaign was not begun.
    public static func read(_ folder: CampaignFolder) throws -> CampaignStatus {
        CampaignStatus(try folder.readPlan(), in: folder)
    }

    /// Reads how far a plan is.
    init(_ plan: CampaignPlan, in folder: CampaignFolder) {
        let histories = ItemHistory.read(plan.name, in: folder.collection)
        name = plan.name
        self.folder = folder.path
        isGoingOn =
            FileSystem.exists(folder.lock) && (try? FileLock(unlessHeld: folder.lock)) == nil
        items = plan.items.map {
            Item($0, histories[$0.number] ?? ItemHistory(attempts: []), retries: plan.retries)
        }
        total = items.count
        counts = items.reduce(into: [:]) { $0[$1.state.rawValue, default: 0] += 1 }
        attempts = items.map(\.attempts).reduce(0, +)
        bytes = items.filter { $0.state == .verified }.map(\.bytes).reduce(0, +)
        let records = histories.values.flatMap(\.attempts).compactMap(\.record)
        started = records.compactMap { $0.times[RunState.planned.rawValue] }.min()
        ended = records.compactMap { $0.times.values.max() }.max()
    }
}

extension CampaignStatus.Item {
    init(_ item: CampaignPlan.Item, _ history: ItemHistory, retries: Int) {
        let done = history.attempts.first { $0.verdict == .done }
        let deciding = done ?? history.attempts.last
        number = item.number
        text = item.text
        seed = item.seed
        attempts = history.attempts.count
        run = deciding?.folder.path.name
        let isSpent = history.failures > retries
        switch deciding?.verdict {
        case .done: (state, reason) = (.verified, nil)
        case .recorded: (state, reason) = (.recorded, nil)
        case .unfinished: (state, reason) = (.running, nil)
        case .diverged(let why): (state, reason) = (isSpent ? .diverged : .pending, why)
        case .failed(let why): (state, reason) = (isSpent ? .failed : .pending, why)
        case .cut(let why): (state, reason) = (isSpent ? .failed : .pending, why)
        case nil: (state, reason) = (.pending, nil)
        }
        let record = deciding?.record
        commandStatuses = record?.commands.compactMap(\.status) ?? []
        let times = state.isFinal ? record?.times : nil
        let end = times?.values.max()
        ended = end
        seconds = times?[RunState.planned.rawValue].flatMap { end?.timeIntervalSince($0) }
        bytes =
            record?.recordings.flatMap { [$0.snapshot?.bytes, $0.log?.bytes] }.compactMap { $0 }
            .reduce(0, +) ?? 0
    }
}
