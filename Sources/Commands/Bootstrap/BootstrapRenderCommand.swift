import ArgumentParser
import Bootstrap
import HostSupport
import RunRecords

struct BootstrapRenderCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Render a bundle's templates and lay it out for the container and for the guest",
        discussion: """
            Makes a key pair, 'docker' and 'vm' in the folder that --out names, as the original's \
            'make PATH.rund' did. It may be called again, and by many processes at once: the key stays, and what \
            would not change is not touched.

            Examples:
              $ pandacap bootstrap render ssh-honeypot --out /tmp/run.1
              $ pandacap bootstrap render ssh-honeypot --out run.1 --dry-run
              $ pandacap bootstrap render ./my-bundle --out run.2 --set VM_USER=root --port-fwd ssh:2200
            """
    )

    @Argument(help: "The bundle: one that comes with PANDAcap, or a folder, whose path has a slash.")
    var bundle: String

    @Option(help: ArgumentHelp("The run's folder.", valueName: "folder"), completion: .directory)
    var out: String

    @Option(
        name: .customLong("run-id"),
        help: "The run's name, RUN_ID in templates, instead of the folder's."
    )
    var runID: String?

    @Option(help: "The guest's name, RUN_HOSTNAME in templates.")
    var hostname: String?

    @Option(help: "Who logs in to the guest, RUN_USER in templates.")
    var user: String?

    @Option(
        name: .customLong("port-fwd"),
        help: ArgumentHelp(
            "A forwarded port, as 'pandacap record' takes it; those of 22 and 2222 are RUN_SSH_PORT and RUN_SFTP_PORT.",
            valueName: "forward"
        ),
        transform: { try PortForward($0) }
    )
    var portForward: [PortForward] = []

    @OptionGroup(title: "Bundle options") var options: BundleOptions

    @Flag(help: "Show what would be written, and do nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let installation = try Installation.locate()
        let bundle = try BootstrapBundle.find(bundle, in: installation)
        for warning in bundle.warnings { console.warning(warning) }
        let run = FileSystem.absolute(HostPath(out))
        var facts = RunFacts(runID: runID ?? run.name)
        facts.hostName = hostname
        facts.user = user
        facts.sshPort = portForward.hostPort(of: 22)
        facts.sftpPort = portForward.hostPort(of: 2222)
        let renderer = try BundleRenderer(
            bundle,
            values: facts.values(with: try options.variables.read(console)),
            adding: options.add.map { FileSystem.absolute(HostPath($0)) },
            installation: installation
        )
        if !dryRun { try await renderer.render(into: run, runID: facts.runID) }
        let sides = BootstrapBundle.Side.allCases.map { side in
            BundleReport.Side(folder: run / side.rawValue, files: bundle.files(of: side))
        }
        try print(BundleReport(bundle: bundle.folder, sides: sides, isPlan: dryRun))
        return 0
    }
}

/// Where a rendered bundle lies.
private struct BundleReport: Report {
    struct Side: Encodable {
        let folder: HostPath
        let files: [String]
    }

    let bundle: HostPath
    let sides: [Side]
    let isPlan: Bool

    var text: String {
        sides.flatMap { side in
            ["\(side.folder)"] + (isPlan ? side.files.map { "  \($0)" } : [])
        }.joined(separator: "\n")
    }

    private enum CodingKeys: CodingKey { case bundle, sides }
}
