import ArgumentParser

struct CampaignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "campaign",
        abstract: "Make a list of captures once each, on this host or on a cluster",
        discussion: """
            A campaign's file says which workloads are recorded, with which guest images, and how often. Each item \
            is a run; the runs' folders tell how far the campaign is, so that it goes on after anything.

            Examples:
              $ pandacap campaign run campaign.yaml --dry-run
              $ pandacap campaign run campaign.yaml
              $ pandacap campaign run campaign.yaml --executor slurm --partition short
              $ pandacap campaign status campaign.yaml
              $ pandacap campaign resume campaign.yaml
            """,
        subcommands: [
            CampaignRunCommand.self, CampaignStatusCommand.self, CampaignResumeCommand.self,
            CampaignItemCommand.self,
        ]
    )

    /// What the exit codes of 'run', 'resume' and 'status' say.
    static let exitCodes = """
        The exit code is 0 where all items are verified, 76 where some failed, 80 where some diverged and none failed, \
        75 where some are still to be made, and 130 where a signal ended it before.
        """
}
