public import Containers
public import HostSupport
import RunRecords

/// Makes one item of a campaign: what a cluster's node does.
public struct CampaignItem: Sendable {
    private let plan: CampaignPlan
    private let item: CampaignPlan.Item
    private let folder: CampaignFolder
    private let workshop: HostPath?

    /// Reads which item is to be made.
    ///
    /// - Parameters:
    ///   - number: The item's number.
    ///   - folder: The campaign's folder.
    ///   - workshop: A folder of this host's own, in which the run is made before it is moved to the collection.
    /// - Throws: ``HostSupport/Failure`` where the campaign has no such item.
    public init(_ number: Int, in folder: CampaignFolder, workshop: HostPath?) throws {
        plan = try folder.readPlan()
        self.folder = folder
        guard plan.items.indices.contains(number) else {
            throw Failure(.usage, "the campaign '\(plan.name)' has no item \(number)")
        }
        item = plan.items[number]
        // Campaigns of one name in two collections must not meet there.
        let own = folder.path.string.split(separator: "/").joined(separator: "_")
        self.workshop = workshop.map { FileSystem.absolute($0) / safeFileName(own, limit: 200) }
    }

    /// Makes the item.
    ///
    /// The first signal ends its recording properly; it is made anew another time then.
    ///
    /// - Parameters:
    ///   - version: PANDAcap's version, for the record.
    ///   - engines: Where the engine comes from.
    ///   - console: Where progress is told.
    /// - Returns: The item's exit code, and what came of it in words.
    /// - Throws: ``HostSupport/Failure`` where it cannot be made at all.
    public func make(version: String, engines: EngineSource, console: Console) async throws
        -> (code: Int32, text: String)
    {
        Interrupts.take()
        let control = FleetControl()
        let maker = ItemMaker(
            plan: plan,
            collection: folder.collection,
            workshop: workshop,
            version: version,
            engines: engines,
            control: control,
            // The nodes' file system may not be fit for a database; whoever gathers the runs enters them.
            catalogue: .none(console),
            console: console
        )
        let outcome = try await withThrowingTaskGroup(of: ItemOutcome?.self) { group in
            group.addTask { try await maker.make(item) }
            group.addTask {
                try await control.mindSignals()
                return nil
            }
            defer { group.cancelAll() }
            while let ended = try await group.next() {
                if let ended { return ended }
            }
            return ItemOutcome.interrupted
        }
        let name = "item \(item.number), \(item.text)"
        return switch outcome {
        case .verified(let id): (0, "\(name): verified, run \(id)")
        case .diverged(let why): (Failure.Code.diverged.exitCode, "\(name): diverged: \(why)")
        case .failed(let why): (Failure.Code.guest.exitCode, "\(name): failed: \(why)")
        case .interrupted: (Failure.Code.interrupted.exitCode, "\(name): interrupted")
        }
    }
}
