import Bootstrap
import Capture
import HostSupport
import RunRecords

extension CampaignPlan {
    /// Where a bundle's `bootstrap.sh` puts its `workload.sh`.
    private static let workloadProgram = "/run/pandacap/workload"

    /// What is asked for of one attempt of an item.
    ///
    /// - Parameters:
    ///   - item: The item.
    ///   - attempt: How often it has been tried before.
    ///   - collection: Where the run is kept.
    ///   - console: Where oddities of the bundle and of settings are told; nowhere where there is none.
    /// - Returns: The request.
    /// - Throws: ``HostSupport/Failure`` where the bundle is not there, not sound, or says nothing of what to record.
    func request(for item: Item, attempt: Int, collection: HostPath, console: Console?) throws
        -> CaptureRequest
    {
        guard let workload = workloads.first(where: { $0.name == item.workload }) else {
            throw Failure(.badData, "the plan of '\(name)' has no workload '\(item.workload)'")
        }
        let guest = try settings(workload, item).request(relativeTo: folder, console: console)
        if workload.workloadBundle != nil, let bundle = guest.bundle?.bundle, !bundle.hasWorkload {
            throw Failure(
                .configuration,
                "the bundle \(bundle.folder) of the workload '\(workload.name)' has no workload.sh, so it does not "
                    + "say what to record",
                hint: "name a 'command', and the bundle under 'bootstrap'"
            )
        }
        var request = CaptureRequest(
            guest: guest,
            collection: collection,
            trigger: .command,
            command: ["env", "\(ItemSeed.variable)=\(item.seed)"]
                + (workload.command ?? [Self.workloadProgram])
        )
        request.runID = ItemHistory.runName(name, item.number, attempt: attempt)
        request.recordings = recordings
        request.stops.recording = timeout
        request.origin = RunRecord.Origin(
            kind: .campaign,
            name: name,
            number: item.number,
            attempt: attempt,
            seed: item.seed
        )
        return request
    }

    /// The guest of an item: what all have in common, with what its workload and itself say over it.
    private func settings(_ workload: Workload, _ item: Item) -> GuestSettings {
        var settings = guest
        settings.image = item.image
        settings.bootstrap = workload.workloadBundle ?? guest.bootstrap
        guard settings.bootstrap != nil else { return settings }
        settings.set = (guest.set ?? [:]).merging(workload.set ?? [:]) { $1 }
            .merging([ItemSeed.setting: "\(item.seed)"]) { $1 }
        // The first is the one that the bundle 'sample' runs.
        settings.add = [item.sample?.string].compactMap { $0 } + (workload.add ?? []) + (guest.add ?? [])
        return settings
    }
}
