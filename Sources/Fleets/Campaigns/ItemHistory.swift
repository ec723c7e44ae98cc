import Foundation
import HostSupport
import RunRecords

/// The runs that were made for the items of a campaign: their folders are the only truth of how far it is.
struct ItemHistory: Sendable {
    /// What a run came to, as far as it decides what its item needs.
    enum Verdict: Sendable, Equatable {
        /// The workload was recorded from its beginning to its end, and the recordings replay.
        case done
        /// The workload was recorded, and nothing is known yet of the replay.
        case recorded
        /// It is going on, or the process that made it has died.
        case unfinished
        /// A recording does not replay.
        case diverged(String)
        /// The workload failed by itself.
        case failed(String)
        /// Somebody or something ended it before its time, and the item is not to blame.
        case cut(String)
    }

    /// A run of an item.
    struct Attempt: Sendable {
        /// How often the item had been tried before.
        let number: Int
        let folder: RunFolder
        /// Nothing where the record is missing or damaged.
        let record: RunRecord?

        var verdict: Verdict { record.map(ItemHistory.verdict) ?? .cut("its run.json cannot be read") }
    }

    /// The attempts, in their order.
    let attempts: [Attempt]

    /// The run that an attempt is made as.
    static func runName(_ campaign: String, _ item: Int, attempt: Int) -> String {
        "\(campaign)-\(item.digits(4))-a\(attempt)"
    }

    /// The item and the attempt that a run's name says it is of; nothing where it is of no item of the campaign.
    static func parse(_ run: String, of campaign: String) -> (item: Int, attempt: Int)? {
        guard run.hasPrefix(campaign + "-") else { return nil }
        let rest = run.dropFirst(campaign.count + 1)
        guard let match = rest.wholeMatch(of: /([0-9]{4,6})-a([0-9]{1,6})/), let item = Int(match.1),
            let attempt = Int(match.2), runName(campaign, item, attempt: attempt) == run
        else { return nil }
        return (item, attempt)
    }

    /// Reads what was made for all items of a campaign.
    static func read(_ campaign: String, in collection: HostPath) -> [Int: ItemHistory] {
        var found: [Int: [Attempt]] = [:]
        for name in FileSystem.list(collection / "runs") {
            guard let (item, attempt) = parse(name, of: campaign) else { continue }
            let folder = RunFolder(collection / "runs" / name)
            found[item, default: []].append(
                Attempt(number: attempt, folder: folder, record: try? RunRecord.read(from: folder))
            )
        }
        return found.mapValues { ItemHistory(attempts: $0.sorted { $0.number < $1.number }) }
    }

    /// Reads what was made for one item.
    static func read(_ campaign: String, item: Int, in collection: HostPath) -> ItemHistory {
        var attempts: [Attempt] = []
        // They are made one after the other, so the first that is missing is the end.
        while true {
            let name = runName(campaign, item, attempt: attempts.count)
            let folder = RunFolder(collection / "runs" / name)
            guard FileSystem.exists(folder.path) else { return ItemHistory(attempts: attempts) }
            let record = try? RunRecord.read(from: folder)
            attempts.append(Attempt(number: attempts.count, folder: folder, record: record))
        }
    }

    /// The number of the next attempt.
    var next: Int { (attempts.last?.number ?? -1) + 1 }

    /// How many attempts count against the item.
    var failures: Int {
        attempts.count { attempt in
            switch attempt.verdict {
            case .diverged, .failed: true
            case .done, .recorded, .unfinished, .cut: false
            }
        }
    }

    /// What the item has come to for good; nothing where it may be tried.
    ///
    /// - Parameter retries: How often it may be tried again.
    /// - Returns: The outcome; nothing where there is none yet.
    func outcome(retries: Int) -> ItemOutcome? {
        if let done = attempts.first(where: { $0.verdict == .done })?.record { return .verified(done.id) }
        guard failures > retries else { return nil }
        for attempt in attempts.reversed() {
            switch attempt.verdict {
            case .diverged(let why): return .diverged(why)
            case .failed(let why): return .failed(why)
            case .done, .recorded, .unfinished, .cut: continue
            }
        }
        return nil
    }

    /// What a run came to.
    static func verdict(_ record: RunRecord) -> Verdict {
        switch record.state {
        case .planned, .starting, .ready, .recording:
            return .unfinished
        case .recorded:
            return shortfall(record) ?? .recorded
        case .verified:
            return shortfall(record) ?? .done
        case .diverged:
            let problem = record.recordings.compactMap(\.verification?.problem).first
            return shortfall(record) ?? .diverged(problem ?? record.reason ?? "it does not replay")
        case .failed:
            return shortfall(record) ?? .failed(record.reason ?? "nothing was recorded")
        }
    }

    /// Why the workload was not recorded to its end, whatever there is of it; nothing where it was.
    private static func shortfall(_ record: RunRecord) -> Verdict? {
        if let cut = cut(record) { return .cut(cut) }
        switch record.ending {
        case "session-failed", "boot-failed", "engine-died":
            return .failed(record.reason ?? record.warnings.last ?? "it ended with \(record.ending ?? "")")
        default:
            return nil
        }
    }

    /// Why the run says nothing of the item; nothing where it does.
    private static func cut(_ record: RunRecord) -> String? {
        if RunRecovery.isMended(record) { return "the process that made it died" }
        switch record.ending {
        case "interrupted": return "it was interrupted"
        case "container-lost": return "its container was lost"
        case "disk-nearly-full": return "the disk was nearly full"
        default: return nil
        }
    }
}

/// What came of an item.
enum ItemOutcome: Sendable, Equatable {
    /// There is a run of it whose recordings replay.
    case verified(RunID)
    /// It was tried as often as it may, and its last recording does not replay.
    case diverged(String)
    /// It was tried as often as it may, or cannot be tried.
    case failed(String)
    /// The user asked for the end first.
    case interrupted
}
