import Foundation
import HostSupport
import RunRecords
import Testing

@Suite("The guides are true", .serialized)
struct GuideTests {
    /// The guides with commands, in the order of their names.
    private static let guides = [
        "README.md", "docs/analysis.md", "docs/bootstrap.md", "docs/campaigns.md", "docs/catalogue.md",
        "docs/checking-traces.md",
        "docs/configuration.md",
        "docs/container-capture.md",
        "docs/container-image.md", "docs/containers.md", "docs/containment.md",
        "docs/dashboard.md",
        "docs/dataset-metadata.md", "docs/dataset-privacy.md", "docs/dataset-receiving.md",
        "docs/datasets.md", "docs/engines.md",
        "docs/files.md", "docs/fleets.md",
        "docs/guest-events.md", "docs/guest-images.md", "docs/malware-campaign.md", "docs/original.md",
        "docs/recording.md", "docs/replaying.md", "docs/run-json.md", "docs/slurm.md",
        "docs/trace-archives.md", "docs/trace-report.md", "docs/traces.md",
    ]

    /// Those that need a cluster.
    private static let clustered = ["docs/malware-campaign.md", "docs/slurm.md"]

    /// Those that tell of guests that boot; for the others it is enough that one was recorded.
    private static let booting = ["README.md", "docs/guest-images.md", "docs/original.md"]

    @Test(
        "each command in them does what they say",
        arguments: guides
    )
    func commands(name: String) async throws {
        let guide = try #require(try Guide.all.first { $0.name == name })
        #expect(!guide.commands.isEmpty)
        try await withLab { pandacap, folder in
            let home = try await Self.home(like: pandacap.home)
            if !Self.booting.contains(name) {
                try await copyImage(ResumedGuest.shared.name(), as: "tiny-i386", in: pandacap, to: home)
            }
            defer { try? FileSystem.remove(home) }
            try FileSystem.write(Self.script(guide.commands), to: folder / ".commands")
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            let own = [
                "PATH": "\(Pandacap.program.parent):\(path)",
                "PANDACAP_HOME": home.string,
                "PANDACAP_SHARE": try Installation.locate().root.string,
            ]
            let ofContainers =
                name.contains("container") ? try await Self.containerEnvironment(of: name) : [:]
            let environment = own.merging(ofContainers) { $1 }
            func run(_ further: [String: String]) async throws -> ToolOutput {
                try await Tool("bash").output(
                    [".commands"],
                    environment: environment.merging(further) { $1 },
                    workingDirectory: folder
                )
            }
            let output =
                Self.clustered.contains(name)
                ? try await SlurmCluster.run(in: folder / ".slurm") { try await run($0.environment) }
                : try await run([:])
            // A guide that stops half-way has left it.
            if !ofContainers.isEmpty { _ = try? await TestedRuntime.docker("rm", "--force", "pandacap-demo") }
            #expect(output.status == .exited(0), "\(output.standardError)")
        }
    }

    /// A home with the same engine and images; what a guide does to these must not reach other tests.
    private static func home(like other: HostPath) async throws -> HostPath {
        let home = other.parent / "guide-\(UUID().uuidString.prefix(8))"
        try FileSystem.createDirectory(home / "images")
        try FileManager.default.createSymbolicLink(
            atPath: (home / "engines").string,
            withDestinationPath: (other / "engines").string
        )
        for image in ["tiny", "tiny-i386"] {
            try await Tool("cp").run([
                "-r", (other / "images/\(image)").string, (home / "images/\(image)").string,
            ])
        }
        return home
    }

    /// Where Docker answers; containers are of a small image that takes the place of ours.
    private static func containerEnvironment(of guide: String) async throws -> [String: String] {
        let environment = try await TestedRuntime.docker.environment
        if guide == "docs/container-capture.md" {
            return environment.merging(["IMAGE_NAME": try await builtImage(.docker)]) { $1 }
        }
        guard guide == "docs/containers.md" else { return environment }
        try await SmallImage.shared.ready(for: .docker)
        return environment.merging(["IMAGE_NAME": SmallImage.name]) { $1 }
    }

    /// One shell for the whole guide, so that later lines see the variables of earlier ones; it stops at the first
    /// line that does not exit as the guide says.
    private static func script(_ commands: [Guide.Command]) -> String {
        let head = """
            check() {
                [ "$1" -eq "$2" ] || { echo "$3 exited with $1 instead of $2" >&2; exit 1; }
            }
            """
        let lines = commands.map { command in
            "\(command.text)\ncheck $? \(command.exitCode) \(shellQuoted(command.place))"
        }
        return ([head] + lines).joined(separator: "\n") + "\n"
    }

    @Test("no guide with commands is left out")
    func everyGuide() throws {
        let guides = try Guide.all.filter { !$0.commands.isEmpty }.map(\.name).sorted()
        #expect(
            guides == Self.guides
        )
    }

    @Test("each link leads to a file")
    func links() throws {
        let root = try Installation.locate().root
        for guide in try Guide.all {
            for link in guide.links {
                let target = (root / guide.name).parent / link
                #expect(FileSystem.exists(target), "\(guide.name) links to \(link)")
            }
        }
    }

    @Test("each subcommand and option that they mention exists")
    func options() async throws {
        // A test of its own holds the reference against the program.
        let reference = try Installation.locate().root / "docs/reference"
        let help = try FileSystem.list(reference).map { try FileSystem.readText(reference / $0) }.joined()
        let known = Set(help.matches(of: /--[a-z][a-z-]*/).map { String($0.0) })
        let ofTheLauncher: Set = [
            "--writable", "--readable", "--bind", "--connect", "--calls", "--limit", "--lifeline",
            "--lifeline-socket", "--input", "--folder", "--user",
        ]
        for guide in try Guide.all {
            #expect(guide.options.subtracting(known).subtracting(ofTheLauncher).isEmpty, "\(guide.name)")
            for subcommand in guide.subcommands {
                let words = subcommand.split(separator: " ").map(String.init)
                let output = try await Tool(Pandacap.program.string).output(words + ["--help"])
                #expect(output.status == .exited(0), "\(guide.name): pandacap \(subcommand)")
            }
        }
    }

    @Test("docs/files.md names every file of a run's folder, and docs/run-json.md every key of the schema")
    func files() throws {
        let root = try Installation.locate().root
        let source = try FileSystem.readText(root / "Sources/RunRecords/RunFolder.swift")
        let names = source.matches(of: /path \/ "([^"]+)"/).map { String($0.1) }
        #expect(names.count >= 9)
        let files = try FileSystem.readText(root / "docs/files.md")
        for name in names { #expect(files.contains("`\(name)`") || files.contains("`\(name)/"), "\(name)") }
        let schema = try JSONSerialization.jsonObject(with: FileSystem.read(root / "docs/run.schema.json"))
        let keys = try FileSystem.readText(root / "docs/run-json.md")
        for key in Self.properties(of: schema) {
            #expect(keys.contains("`\(key)`") || keys.contains(".\(key)`"), "\(key)")
        }
    }

    private static func properties(of schema: Any) -> Set<String> {
        if let list = schema as? [Any] { return list.reduce(into: []) { $0.formUnion(properties(of: $1)) } }
        guard let object = schema as? [String: Any] else { return [] }
        let own = Set((object["properties"] as? [String: Any] ?? [:]).keys)
        return object.values.reduce(into: own) { $0.formUnion(properties(of: $1)) }
    }
}
