import ArgumentParser
import Bootstrap
import Capture
import HostSupport

/// The bundle that customises the guest of a run.
struct BootstrapOptions: ParsableArguments {
    /// Where a bundle's `bootstrap.sh` puts its `workload.sh`.
    static let workloadProgram = "/run/pandacap/workload"

    @Option(
        help: ArgumentHelp(
            "Customise the guest before anybody can reach it, with a bundle that comes with PANDAcap, or with a "
                + "folder, whose path has a slash.",
            valueName: "bundle"
        )
    )
    var bootstrap: String?

    @Option(
        help: ArgumentHelp(
            "The same, and record what the bundle's workload.sh does.",
            valueName: "bundle"
        )
    )
    var workload: String?

    @OptionGroup var bundle: BundleOptions

    @Option(
        help: ArgumentHelp("How long the bundle may take in the guest; 2m by default.", valueName: "time")
    )
    var bootstrapTimeout: TimeSpan?

    func validate() throws {
        if bootstrap != nil, workload != nil {
            throw ValidationError("--bootstrap and --workload both name a bundle: give one of them")
        }
        if bootstrap == nil, workload == nil, !bundle.add.isEmpty || !bundle.variables.settings.isEmpty {
            throw ValidationError("--add and --set are for a bundle: name it with --bootstrap or --workload")
        }
    }

    /// What is asked for; nothing where no bundle is.
    func request(_ console: Console) throws -> BundleRequest? {
        guard let name = bootstrap ?? workload else { return nil }
        let bundle = try BootstrapBundle.find(name, in: try Installation.locate())
        for warning in bundle.warnings { console.warning(warning) }
        guard workload == nil || bundle.hasWorkload else {
            throw Failure(
                .configuration,
                "the bundle \(bundle.folder) has no workload.sh, so it does not say what to record",
                hint: "name a command: --bootstrap \(shellQuoted(name)) -- COMMAND"
            )
        }
        var request = BundleRequest(
            bundle: bundle,
            variables: try self.bundle.variables.read(console),
            added: self.bundle.add.map { FileSystem.absolute(HostPath($0)) }
        )
        if let limit = bootstrapTimeout?.duration { request.timeLimit = limit }
        return request
    }
}
