import ArgumentParser
import Fleets
import HostSupport

struct CampaignRunCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Make the items of a campaign, or what is left of them",
        discussion: """
            What is verified is not made again, so the same command goes on where it stopped. Ctrl-C ends recordings \
            properly and lets replays come to their end; a second one does not wait for these. With Slurm it only ends \
            the waiting.

            A campaign goes on as it was begun: a file that was changed is refused, unless it only asks for more \
            behind what it asked for, and --extend says that this is meant.

            Examples:
              $ pandacap campaign run campaign.yaml --dry-run
              $ pandacap campaign run campaign.yaml --jobs 4
              $ pandacap campaign run campaign.yaml --executor slurm --slurm-time 30 --array-throttle 20
              $ pandacap campaign run campaign.yaml --executor slurm --no-wait

            \(CampaignCommand.exitCodes)
            """
    )

    @Argument(help: "The campaign's file.", completion: .file(extensions: ["yaml"]))
    var file: String

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            "The folder that runs are kept in, instead of where the file says.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var collection: String?

    @OptionGroup(title: "Execution options") var executor: ExecutorOptions
    @OptionGroup(title: "Engine options") var engine: EngineOptions
    @OptionGroup(title: "Container options") var container: ContainerOptions

    @Flag(help: "Make further items, too, that the file has gained since the campaign was begun.")
    var extend = false

    @Flag(help: "Show what would be made, and do nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let path = FileSystem.absolute(HostPath(file))
        let text = try FileSystem.readText(path, limit: 1 << 20)
        let parsed = try CampaignFile.read(path)
        let plan = try CampaignPlan(parsed, in: path.parent)
        let folder = CampaignOptions.folder(of: parsed, at: path, collection)
        let work = CampaignWork(
            plan: plan,
            folder: folder,
            executor: executor,
            engine: engine,
            container: container,
            console: console
        )
        if dryRun {
            try print(try await work.preview())
            return 0
        }
        let lock = try folder.claim()
        defer { withExtendedLifetime(lock) {} }
        try folder.begin(plan, text: text, extends: extend)
        let report = CampaignReport(result: try await work.run())
        try print(report)
        return report.result.exitCode
    }
}

struct CampaignResumeCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a campaign after anything",
        discussion: """
            Runs that an earlier process left half-way are brought to their end, what was recorded and not replayed is \
            replayed, and what was cut short is made anew. Items that Slurm has already are waited for and not \
            submitted again.

            Examples:
              $ pandacap campaign resume campaign.yaml
              $ pandacap campaign resume coreutils -o /srv/traces
              $ pandacap campaign resume traces/campaigns/coreutils --executor local

            \(CampaignCommand.exitCodes)
            """
    )

    @OptionGroup var options: CampaignOptions
    @OptionGroup(title: "Execution options") var executor: ExecutorOptions
    @OptionGroup(title: "Engine options") var engine: EngineOptions
    @OptionGroup(title: "Container options") var container: ContainerOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let folder = try options.folder()
        let lock = try folder.claim()
        defer { withExtendedLifetime(lock) {} }
        let work = CampaignWork(
            plan: try folder.readPlan(),
            folder: folder,
            executor: executor,
            engine: engine,
            container: container,
            console: console
        )
        let report = CampaignReport(result: try await work.run())
        try print(report)
        return report.result.exitCode
    }
}
