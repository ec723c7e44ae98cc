import ArgumentParser
import Fleets
import HostSupport

/// Which campaign is meant, of those that were begun.
struct CampaignOptions: ParsableArguments {
    @Argument(
        help:
            "The campaign's file, its folder or its name; the only one of the collection where none is given."
    )
    var campaign: String?

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder that its runs are kept in.", valueName: "folder"),
        completion: .directory
    )
    var collection: String?

    /// The campaign's folder.
    ///
    /// - Throws: `Failure` where there is no such campaign, or more than one.
    func folder() throws -> CampaignFolder {
        if let campaign, campaign.contains("/") || campaign.hasSuffix(".yaml") {
            let path = FileSystem.absolute(HostPath(campaign))
            if FileSystem.isDirectory(path) { return try require(CampaignFolder(path)) }
            return try require(Self.folder(of: try CampaignFile.read(path), at: path, collection))
        }
        let collection = HostPath(collection ?? "traces")
        if let campaign { return try require(CampaignFolder(collection: collection, name: campaign)) }
        let names = CampaignFolder.names(in: collection)
        guard let name = names.first, names.count == 1 else {
            throw Failure(
                .notFound,
                names.isEmpty
                    ? "no campaign was begun in \(collection)"
                    : "there are several campaigns: \(names.joined(separator: ", "))",
                hint: names.isEmpty ? "name its collection with -o, or its file" : "name one of them"
            )
        }
        return CampaignFolder(collection: collection, name: name)
    }

    /// Where the campaign of a file lies.
    static func folder(of file: CampaignFile, at path: HostPath, _ collection: String?) -> CampaignFolder {
        CampaignFolder(
            collection: collection.map { HostPath($0) } ?? path.parent / (file.collection ?? "traces"),
            name: file.name
        )
    }

    private func require(_ folder: CampaignFolder) throws -> CampaignFolder {
        _ = try folder.readPlan()
        return folder
    }
}

/// Who makes the items.
enum CampaignExecutor: String, ExpressibleByArgument, CaseIterable {
    case local
    case slurm
}

/// Who makes the items, and how many at once.
struct ExecutorOptions: ParsableArguments {
    @Option(
        help:
            "'local' makes the items on this host, 'slurm' as a job array; what was chosen before, or local."
    )
    var executor: CampaignExecutor?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "How many items this host makes at once, instead of what the file says.",
            valueName: "number"
        )
    )
    var jobs: Int?

    @OptionGroup(title: "Slurm options") var slurm: SlurmOptions

    func validate() throws {
        if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs must be 1 to 1024") }
        if executor == .local, slurm.isGiven {
            throw ValidationError("options of Slurm are given, and the items are made on this host")
        }
        if executor == .slurm, jobs != nil {
            throw ValidationError("--jobs is for this host; --array-throttle is for Slurm")
        }
    }

    /// Whether Slurm makes the items of a campaign.
    func usesSlurm(_ folder: CampaignFolder) throws -> Bool {
        if let executor { return executor == .slurm }
        return try slurm.isGiven || (jobs == nil && SlurmJobs.read(folder) != nil)
    }
}
