public import Capture
public import HostSupport

extension CampaignRunner {
    /// Plans a run of each workload with each image of which something is to be made, so that what would make all of
    /// these items fail is told at once.
    ///
    /// - Returns: The plans, in the items' order.
    /// - Throws: ``HostSupport/Failure`` naming what is missing, taken or too small.
    public func check() async throws -> [CapturePlan] {
        let planner = CapturePlanner(version: version, engines: engines)
        let histories = ItemHistory.read(plan.name, in: folder.collection)
        let open = plan.items.filter { histories[$0.number]?.outcome(retries: plan.retries) == nil }
        var seen: Set<[String]> = []
        var plans: [CapturePlan] = []
        for item in open where seen.insert([item.workload, item.image]).inserted {
            var request = try plan.request(
                for: item,
                attempt: 0,
                collection: folder.collection,
                console: console
            )
            // The first run may be there already.
            request.runID = nil
            plans.append(try await planner.plan(request))
        }
        return plans
    }

    /// How many items are made at once.
    ///
    /// - Parameters:
    ///   - jobs: How many the user wants; as the plan says where nothing is said.
    ///   - memory: The memory of the largest machine.
    /// - Returns: The number.
    public func concurrency(jobs: Int?, memory: ByteSize) -> Int {
        if let jobs { return jobs }
        if case .fixed(let number) = plan.concurrency { return number }
        return HostCapacity.jobs(each: memory, HostCapacity.engineOverhead)
    }
}
