import ArgumentParser
import Fleets
import HostSupport

struct CampaignStatusCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how far a campaign is",
        discussion: """
            It is read from the folders of the runs, whoever makes them; --json lists all items.

            Examples:
              $ pandacap campaign status
              $ pandacap campaign status campaign.yaml
              $ pandacap campaign status coreutils -o /srv/traces --json

            \(CampaignCommand.exitCodes)
            """
    )

    @OptionGroup var options: CampaignOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let status = try CampaignStatus.read(try options.folder())
        try print(CampaignStatusReport(status: status))
        return status.exitCode
    }
}

/// What a cluster's node runs; nobody has to type it.
struct CampaignItemCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "item",
        abstract: "Make one item of a campaign",
        discussion: """
            Examples:
              $ pandacap campaign item traces/campaigns/coreutils 7
            """,
        shouldDisplay: false
    )

    @Argument(help: "The campaign's folder.")
    var folder: String

    @Argument(help: "The item's number.")
    var number: Int

    @Option(
        help: ArgumentHelp(
            "Make the run in this folder, and move it to the collection when it is done.",
            valueName: "folder"
        )
    )
    var nodeLocal: String?

    @OptionGroup(title: "Engine options") var engine: EngineOptions
    @OptionGroup(title: "Container options") var container: ContainerOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let item = try CampaignItem(
            number,
            in: CampaignFolder(HostPath(folder)),
            workshop: nodeLocal.map { HostPath($0) }
        )
        let (code, text) = try await item.make(
            version: PandacapVersion.current,
            engines: try container.source(engine),
            console: console
        )
        console.step(text)
        return code
    }
}
