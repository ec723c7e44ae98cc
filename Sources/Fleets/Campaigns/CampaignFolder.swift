public import HostSupport
import RunRecords

/// The folder of a campaign in its collection: every file in it has its name here and nowhere else.
public struct CampaignFolder: Sendable, Hashable {
    /// The folder.
    public let path: HostPath

    /// Describes the folder at a path.
    public init(_ path: HostPath) {
        self.path = FileSystem.absolute(path)
    }

    /// The folder of a campaign in a collection.
    public init(collection: HostPath, name: String) {
        self.init(collection / "campaigns" / name)
    }

    /// `campaign.yaml`: the file as it was given.
    public var file: HostPath { path / "campaign.yaml" }
    /// `plan.json`: each run that is to be made.
    public var plan: HostPath { path / "plan.json" }
    /// `campaign.lock`: held by the process that makes the items or waits for a cluster to make them.
    public var lock: HostPath { path / "campaign.lock" }
    /// `slurm.json`: how items are handed to Slurm, and as which jobs they were.
    public var jobs: HostPath { path / "slurm.json" }
    /// `batch.sh`: what Slurm runs for each item.
    public var script: HostPath { path / "batch.sh" }
    /// `logs`: what the items said that Slurm ran.
    public var logs: HostPath { path / "logs" }

    /// The collection that the campaign's runs are in.
    public var collection: HostPath { path.parent.parent }
    /// The campaigns that a collection has, by their names.
    ///
    /// - Parameter collection: The collection.
    /// - Returns: The names, sorted.
    public static func names(in collection: HostPath) -> [String] {
        FileSystem.list(FileSystem.absolute(collection) / "campaigns")
            .filter { FileSystem.exists(CampaignFolder(collection: collection, name: $0).plan) }
    }

    /// Reads the plan of a campaign that was begun.
    ///
    /// - Returns: The plan.
    /// - Throws: ``HostSupport/Failure`` where there is none, or where it cannot be understood.
    public func readPlan() throws -> CampaignPlan {
        guard FileSystem.exists(plan) else {
            throw Failure(
                .notFound,
                "no campaign was begun in \(path)",
                hint: "begin it with 'pandacap campaign run FILE', or name its collection with -o"
            )
        }
        let found = try JSONText.decode(
            CampaignPlan.self,
            from: try FileSystem.read(plan, limit: 1 << 30),
            source: plan.string
        )
        guard found.schema == 1 else {
            throw Failure(
                .badData,
                "\(plan) has schema \(found.schema); this program knows schema 1",
                hint: "use a newer pandacap"
            )
        }
        return found
    }

    /// Takes the campaign for this process.
    ///
    /// - Returns: The lock; hold it as long as the campaign goes on.
    /// - Throws: ``HostSupport/Failure`` with ``HostSupport/Failure/Code/unavailable`` where another process has it.
    public func claim() throws -> FileLock {
        try FileSystem.createDirectory(path)
        do {
            return try FileLock(unlessHeld: lock)
        } catch let failure as Failure where failure.code == .timeout {
            throw Failure(
                .unavailable,
                "the campaign '\(path.name)' is going on already, in another process",
                hint: "see 'pandacap campaign status', or end it with Ctrl-C there"
            )
        }
    }

    /// Begins a campaign, or goes on with one; the caller has claimed it.
    ///
    /// - Parameters:
    ///   - wanted: What the file says now.
    ///   - text: The file as it is.
    ///   - extends: Whether the file may say that there is more to be done.
    /// - Throws: ``HostSupport/Failure`` where the campaign was begun with another file.
    public func begin(_ wanted: CampaignPlan, text: String, extends: Bool) throws {
        if FileSystem.exists(plan) {
            let begun = try readPlan()
            try wanted.requireContinuation(of: begun, extends: extends)
            if begun == wanted { return }
        }
        // The plan last: what has no plan was not begun.
        try FileSystem.write(text, to: file)
        try FileSystem.write(try JSONText.encode(wanted), to: plan)
    }
}
