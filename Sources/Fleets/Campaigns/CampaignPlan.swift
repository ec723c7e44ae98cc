public import HostSupport

/// What a campaign will do, as a plain value: each run that is to be made, with every default filled in.
public struct CampaignPlan: Sendable, Codable, Hashable {
    /// One of the runs that are to be made once each.
    public struct Item: Sendable, Codable, Hashable {
        /// Its number, from 0.
        public let number: Int
        /// The workload's name.
        public let workload: String
        /// The guest image.
        public let image: String
        /// The file that the workload runs; nothing where it has none.
        public let sample: HostPath?
        /// The number of the repetition, from 0.
        public let repetition: Int
        /// What the workload's choices follow from.
        public let seed: UInt64
    }

    /// The version of this value's layout: 1.
    public let schema: Int
    /// The campaign's name.
    public let name: String
    /// The folder that relative paths of the file start from.
    public let folder: HostPath
    /// The guest, with what all items have in common; its image is each item's own.
    public let guest: GuestSettings
    /// What is recorded.
    public let workloads: [Workload]
    /// How long a recording may last.
    public let timeout: TimeSpan?
    /// How many recordings an item makes of its workload in one guest.
    public let recordings: Int
    /// How often an item is tried again.
    public let retries: Int
    /// How many items are made at once on one host.
    public let concurrency: CampaignFile.Concurrency
    /// The items: all workloads of the first repetition, then those of the next, so that further ones come last.
    public let items: [Item]

    /// Fills in the defaults, and looks up the samples.
    ///
    /// - Parameters:
    ///   - file: The file's contents.
    ///   - folder: The folder that the file lies in.
    /// - Throws: ``HostSupport/Failure`` with ``HostSupport/Failure/Code/notFound`` where samples are missing.
    public init(_ file: CampaignFile, in folder: HostPath) throws {
        schema = 1
        name = file.name
        self.folder = FileSystem.absolute(folder)
        guest = file.guest
        workloads = file.workloads
        timeout = file.timeout
        recordings = file.recordings ?? 1
        retries = file.retries ?? 1
        concurrency = file.concurrency ?? .auto
        let samples = try file.workloads.map { try Self.samples(of: $0, in: FileSystem.absolute(folder)) }
        var items: [Item] = []
        for repetition in 0..<(file.repetitions ?? 1) {
            for (workload, samples) in zip(file.workloads, samples) {
                for image in file.images ?? [file.guest.image] {
                    for sample in samples {
                        let seed = ItemSeed.derive(
                            from: file.seed ?? 0,
                            words: [image, workload.name, sample?.name ?? "", "\(repetition)"]
                        )
                        items.append(
                            Item(
                                number: items.count,
                                workload: workload.name,
                                image: image,
                                sample: sample,
                                repetition: repetition,
                                seed: seed
                            )
                        )
                    }
                }
            }
        }
        guard items.count <= CampaignFile.mostItems else {
            throw Failure(.configuration, "the campaign '\(name)' has \(items.count) items, too many")
        }
        self.items = items
    }

    private static func samples(of workload: Workload, in folder: HostPath) throws -> [HostPath?] {
        switch workload.samples {
        case nil:
            return [nil]
        case .files(let names):
            let files = names.map { folder / $0 }
            if let missing = files.first(where: { !isSample($0) }) {
                throw Failure(.notFound, "the workload '\(workload.name)' has no sample \(missing)")
            }
            return files
        case .folder(let name):
            let place = folder / name
            let files = FileSystem.list(place).filter { !$0.hasPrefix(".") }.map { place / $0 }
                .filter(isSample)
            guard !files.isEmpty else {
                throw Failure(.notFound, "the workload '\(workload.name)' has no samples in \(place)")
            }
            return files
        }
    }

    private static func isSample(_ path: HostPath) -> Bool {
        FileSystem.resolved(path).map(FileSystem.isRegularFile) ?? false
    }
}
