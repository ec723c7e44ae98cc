import HostSupport
import RunRecords

/// Which items of a campaign are still to be made by Slurm, and what becomes of those that it lost.
struct SlurmWatch {
    private let plan: CampaignPlan
    private let folder: CampaignFolder
    private var submissions: [Int: Int] = [:]
    private var missing: [Int: Int] = [:]

    /// The items that have not come to their end.
    private(set) var open: Set<Int>
    /// Why items were given up.
    private(set) var problems: [Int: String] = [:]

    init(_ plan: CampaignPlan, in folder: CampaignFolder) {
        self.plan = plan
        self.folder = folder
        let histories = ItemHistory.read(plan.name, in: folder.collection)
        open = Set(
            plan.items.map(\.number).filter { histories[$0]?.outcome(retries: plan.retries) == nil }
        )
    }

    /// Items were submitted, or were there.
    mutating func submitted(_ items: Set<Int>) {
        for item in items {
            submissions[item, default: 0] += 1
            missing[item] = nil
        }
    }

    /// Looks at the runs: the items that have come to their end since the last time.
    mutating func look() -> [(item: Int, outcome: ItemOutcome)] {
        var ended: [(Int, ItemOutcome)] = []
        for item in open.sorted() {
            let history = ItemHistory.read(plan.name, item: item, in: folder.collection)
            guard let outcome = history.outcome(retries: plan.retries) else { continue }
            open.remove(item)
            ended.append((item, outcome))
        }
        return ended
    }

    /// Items that Slurm does not have any more, and that have not come to their end.
    ///
    /// One that is missing once may have ended a moment ago, on a file system that tells of it late. One that was
    /// submitted as often as it may be tried, and once more, is given up.
    ///
    /// - Parameter live: The items that Slurm has.
    /// - Returns: Those to submit again, and those that are given up.
    mutating func lost(live: Set<Int>) -> (retried: [Int], givenUp: [Int]) {
        var retried: [Int] = []
        var givenUp: [Int] = []
        for item in open.sorted() {
            guard !live.contains(item) else {
                missing[item] = nil
                continue
            }
            missing[item, default: 0] += 1
            guard missing[item, default: 0] >= 3 else { continue }
            if submissions[item, default: 0] <= plan.retries + 1 {
                retried.append(item)
            } else {
                open.remove(item)
                problems[item] = "its tasks ended, and no run tells why: see \(folder.logs)"
                givenUp.append(item)
            }
        }
        return (retried, givenUp)
    }
}
