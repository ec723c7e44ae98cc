import ArgumentParser
import Bootstrap
import Containers
import HostSupport
import PandaEngine
import RunRecords

struct ContainerBuildCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build the image that the engine runs in",
        discussion: """
            It holds the engine, the libraries that the engine needs, a user and a small init. What it is called, built \
            on and made of is said by the variables IMAGE_*, DOCKER_* and PANDA_PATH ('pandacap config show').

            Examples:
              $ pandacap container build
              $ pandacap container build --dry-run
              $ pandacap container build --base mmdebstrap --arch x86_64 --arch i386
              $ pandacap container build --bootstrap ./my-bundle --set IMAGE_EXTRA_PACKAGES='tmux zsh'
            """
    )

    @Option(
        help: ArgumentHelp(
            "What to call the image, instead of what IMAGE_NAME and IMAGE_VERSION say.",
            valueName: "name"
        )
    )
    var tag: String?

    @Option(
        help: ArgumentHelp(
            "What to build on, instead of IMAGE_BASE: an image of Debian, or 'mmdebstrap' for a root that is made here.",
            valueName: "image"
        )
    )
    var base: String?

    @Option(
        name: .customLong("arch"),
        help: "Only the engine for guests of this architecture; may be given several times."
    )
    var architectures: [GuestArchitecture] = []

    @Option(
        help: ArgumentHelp(
            "The bundle to run in the image, instead of DOCKER_BOOTSTRAP: one that comes with PANDAcap, or a folder, whose path has a slash.",
            valueName: "bundle"
        )
    )
    var bootstrap: String?

    @Flag(help: "Build every layer anew.")
    var noCache = false

    @Flag(help: "Show what would be built, and build nothing.")
    var dryRun = false

    @OptionGroup(title: "Bundle options") var options: BundleOptions
    @OptionGroup(title: "Engine options") var engine: EngineOptions
    @OptionGroup(title: "Container options") var container: ContainerRuntimeOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let installation = try Installation.locate()
        let variables = try options.variables.read(console)
        let settings = try ImageSettings(variables, tag: tag, base: base, bundle: bootstrap)
        let bundle = try settings.bundle.map { try BootstrapBundle.find(bundleName($0), in: installation) }
        for warning in bundle?.warnings ?? [] { console.warning(warning) }
        let added = options.add.map { FileSystem.absolute(HostPath($0)) }
        if bundle == nil, !added.isEmpty {
            throw Failure(.usage, "--add needs a bundle to add to", hint: "name one with --bootstrap")
        }
        let renderer = try bundle.map { bundle in
            try BundleRenderer(
                bundle,
                values: Dictionary(variables.all.map { ($0.key, $0.value) }) { $1 },
                adding: added,
                installation: installation
            )
        }
        let request = ContainerImagePlanner.Request(
            settings: settings,
            engines: try await engines(),
            bundle: bundle,
            added: added,
            isFresh: noCache
        )
        let runtime = try await container.find()
        let planner = ContainerImagePlanner(runtime: runtime, installation: installation, console: console)
        if dryRun {
            try print(PlanReport(plan: try await planner.plan(request, acting: false), runtime: runtime))
            return 0
        }
        let image = try await Interrupts.cancelling {
            let plan = try await planner.plan(request, acting: true)
            console.step("base \(plan.base.reference): \(plan.base.reason)")
            for line in plan.omissions.lines { console.warning("\(line)") }
            return try await ContainerImageBuilder(runtime: runtime, console: console)
                .build(plan, bundle: renderer)
        }
        try print(ImageReport(image: image))
        return 0
    }

    /// DOCKER_BOOTSTRAP is a folder of the source tree, as it was with the original.
    private func bundleName(_ name: String) -> String {
        let prefix = "bootstrap/"
        return bootstrap == nil && name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }

    private func engines() async throws -> [Engine] {
        let finder = try engine.finder()
        guard architectures.isEmpty else {
            var engines: [Engine] = []
            for architecture in Set(architectures).sorted() {
                engines.append(try await finder.find(architecture))
            }
            return engines
        }
        let all = try await finder.all()
        // One engine for each architecture, all of them from where the first was found.
        guard let first = all.first else { return [try await finder.find(.x8664)] }
        return Dictionary(grouping: all.filter { $0.origin == first.origin }, by: \.architecture)
            .compactMap(\.value.first)
            .sorted { $0.architecture < $1.architecture }
    }

    /// What would be built.
    private struct PlanReport: Report {
        let plan: ContainerImagePlan
        let runtime: ContainerRuntime

        var text: String {
            let engines = plan.engines.map {
                "engine    \($0.architecture.rawValue): \($0.path), sha256 \($0.sha256)"
            }
            let omissions = plan.omissions.lines.map { "left out  \($0)" }
            let files = plan.context.map { file in
                "  \(file.path)" + (file.source.map { " from \($0)" } ?? ", rendered")
            }
            let lines =
                ["image     \(plan.tags.joined(separator: ", "))"]
                + ["base      \(plan.base.reference) (\(plan.base.suite)): \(plan.base.reason)"]
                + ["user      \(plan.user.name), \(plan.user.uid):\(plan.user.gid)"]
                + (plan.bundle.map { ["bundle    \($0)"] } ?? []) + engines
                + ["packages  \(plan.packages.map { "\($0.name)=\($0.version)" }.joined(separator: " "))"]
                + ["libraries \(plan.libraries.joined(separator: " "))"] + omissions
                + plan.labels.sorted { $0.key < $1.key }.map { "label     \($0.key)=\($0.value)" }
                + ["files     \(plan.context.count):"] + files
            return lines.joined(separator: "\n") + "\n\nDockerfile:\n\n" + plan.dockerfile + "\nCommand:\n\n"
                + shellLine([runtime.program.string] + plan.arguments)
        }

        private enum CodingKeys: CodingKey { case plan, runtime }
    }

    /// What was built.
    private struct ImageReport: Report {
        let image: ContainerImage

        var text: String {
            let layers = image.layers.map { layer in
                layer.name + (layer.isCached.map { $0 ? " (from cache)" : " (new)" } ?? "")
            }
            return [
                "image \(image.tags.joined(separator: ", ")), \(ByteSize(bytes: image.size))",
                "  id        \(image.id)",
                "  base      \(image.base.reference)",
                "  engines   \(image.engines.map(\.architecture.rawValue).joined(separator: " "))",
                "  packages  \(image.packages.count), and \(image.libraries.count) libraries of the engine's",
                "  layers    \(layers.joined(separator: ", "))",
            ].joined(separator: "\n")
        }

        func encode(to encoder: any Encoder) throws { try image.encode(to: encoder) }
    }
}

extension [ContainerImagePlan.Omission] {
    /// One line for each plugin, whatever the number of architectures that have it.
    fileprivate var lines: [String] {
        Dictionary(grouping: self) { "\($0.plugin.name)\t\($0.library)" }
            .compactMap { _, omissions in
                omissions.first.map {
                    "\($0.plugin.name) is left out (\(omissions.count) architectures): it needs \($0.library), which is nowhere"
                }
            }
            .sorted()
    }
}
