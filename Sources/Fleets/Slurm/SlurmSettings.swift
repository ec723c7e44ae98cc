public import HostSupport

/// How a campaign's items are handed to Slurm.
public struct SlurmSettings: Sendable, Codable, Hashable {
    /// The partition; Slurm's default where nothing is said.
    public var partition: String?
    /// How long an item may take, as Slurm writes it, such as `30` (minutes) or `2:00:00`.
    public var time: String?
    /// The memory of an item, as Slurm writes it, such as `2G`.
    public var memory: String?
    /// How many items may run at once.
    public var throttle: Int?
    /// A folder of each node's own, in which runs are made before they are moved to the collection.
    public var nodeLocal: HostPath?
    /// Further arguments of `sbatch`.
    public var arguments: [String] = []
    /// The program that nodes run: `pandacap`, where the nodes have it.
    public var program: HostPath
    /// Further arguments of `campaign item`, which name the engine.
    public var itemArguments: [String] = []
    /// Variables that an item needs.
    public var environment: [String: String] = [:]

    /// Leaves all to Slurm's defaults.
    public init(program: HostPath) {
        self.program = program
    }
}

/// `slurm.json`: how a campaign's items are handed to Slurm, and as which jobs they were.
public struct SlurmJobs: Sendable, Codable, Hashable {
    /// A job array: the task N of it makes the item `base` + N.
    public struct Job: Sendable, Codable, Hashable {
        /// Slurm's number of the array.
        public let id: UInt64
        /// The item of the task 0.
        public let base: Int
        /// The tasks, as Slurm writes them.
        public let tasks: String
    }

    /// How items are handed over.
    public var settings: SlurmSettings
    /// The jobs, the first first.
    public var jobs: [Job] = []

    /// Reads what a campaign was begun with.
    ///
    /// - Parameter folder: The campaign's folder.
    /// - Returns: The file; nothing where Slurm had no part in the campaign.
    /// - Throws: ``HostSupport/Failure`` where it cannot be understood.
    public static func read(_ folder: CampaignFolder) throws -> SlurmJobs? {
        guard FileSystem.exists(folder.jobs) else { return nil }
        return try JSONText.decode(
            SlurmJobs.self,
            from: try FileSystem.read(folder.jobs),
            source: folder.jobs.string
        )
    }

    func write(to folder: CampaignFolder) throws {
        try FileSystem.write(try JSONText.encode(self), to: folder.jobs)
    }
}
