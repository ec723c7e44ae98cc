import ArgumentParser
import HostSupport

/// The root of the command line.
public enum PandacapCommand {
    /// Parses this process's arguments, runs the subcommand, and leaves with its exit code.
    public static func runAndExit() async {
        Interrupts.survivePipes()
        await Root.main(OriginalCommandLine.arranged(Array(CommandLine.arguments.dropFirst())))
    }
}

struct Root: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pandacap",
        abstract: "Make datasets of PANDA traces: record guests, prove that the recordings replay",
        discussion: """
            A first trace, from nothing:
              $ pandacap engine install
              $ pandacap image build tiny
              $ pandacap record tiny -- uname -a

            Exit codes follow sysexits.h: 64 usage, 65 bad data, 66 not found, 69 unavailable, 71 system error, \
            73 cannot create, 74 input/output, 75 time limit, 76 guest misbehaved, 77 not permitted, \
            78 configuration; 80 is a trace that was recorded but does not replay.
            """,
        version: PandacapVersion.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Capture",
                subcommands: [RecordCommand.self, ReplayCommand.self, TraceCommand.self]
            ),
            CommandGroup(
                name: "Fleets and campaigns",
                subcommands: [
                    FleetCommand.self, CampaignCommand.self, RunsCommand.self, CatalogCommand.self,
                ]
            ),
            CommandGroup(name: "Analyses", subcommands: [AnalyseCommand.self]),
            CommandGroup(name: "Datasets", subcommands: [DatasetCommand.self]),
            CommandGroup(name: "Dashboard", subcommands: [ServeCommand.self]),
            CommandGroup(
                name: "Set-up",
                subcommands: [
                    DoctorCommand.self, EngineCommand.self, ImageCommand.self, BootstrapCommand.self,
                    ConfigCommand.self,
                ]
            ),
            CommandGroup(name: "Containers", subcommands: [ContainerCommand.self]),
            CommandGroup(
                name: "The original's",
                subcommands: [
                    OriginalRecordCommand.self, OriginalReplayCommand.self, OriginalMaintainCommand.self,
                ]
            ),
        ]
    )
}
