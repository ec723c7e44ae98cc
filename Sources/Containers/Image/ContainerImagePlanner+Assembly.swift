import Bootstrap
import Foundation
import HostSupport
import PandaEngine
import RunRecords

extension ContainerImagePlanner {
    /// Where the bundle lies in the image while it is run.
    private static let bundleFolder = "/var/tmp/pandacap-bootstrap"

    /// What was found out for a plan.
    struct Findings {
        let base: ImageBase
        let files: EngineFiles
        let launcher: HostPath
        let libraries: LibraryResolution
        /// Versions by names.
        let packages: [String: String]
        /// The lines by which apt finds them.
        let sources: [String]
    }

    /// Puts the plan together, when everything is known.
    func assemble(_ request: Request, _ findings: Findings) async throws -> ContainerImagePlan {
        let settings = request.settings
        let (base, files, libraries) = (findings.base, findings.files, findings.libraries)
        var engines: [ContainerImagePlan.EngineProgram] = []
        for engine in request.engines {
            guard let path = files.programs[engine.architecture] else { continue }
            engines.append(
                .init(
                    architecture: engine.architecture,
                    path: settings.root / path,
                    sha256: try await Digest.sha256(engine.program)
                )
            )
        }
        let labels = labels(settings, base, engines)
        let listed = findings.packages.sorted { $0.key < $1.key }
            .map { ContainerImagePlan.Package(name: $0.key, version: $0.value) }
        // The script that runs a library knows where libraries are; a program has to be told by the linker's cache.
        let isCached = !libraries.copied.isEmpty && files.scripted.count < request.engines.count
        let dockerfile = Dockerfile(
            base: base.reference,
            layers: [
                dependencies(listed, findings.sources),
                bootstrap(settings, hasBundle: request.bundle != nil),
                engine(settings, isCached: isCached),
            ],
            labels: labels.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            settings: [
                "ENV PATH=\(settings.root)/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "WORKDIR \(settings.root)/share/rr",
                "CMD [\"/sbin/my_init\"]",
            ]
        )
        return ContainerImagePlan(
            tags: settings.tags,
            base: base,
            packages: listed,
            libraries: libraries.copied.map(\.name),
            omissions: files.objects.compactMap { object in
                libraries.broken[object.source].map { .init(plugin: object.source, library: $0) }
            },
            engines: engines,
            user: settings.user,
            bundle: request.bundle?.folder,
            labels: labels,
            dockerfile: dockerfile.text,
            context: context(request, findings),
            arguments: ["build", "--force-rm"] + (request.isFresh ? ["--no-cache"] : [])
                + settings.tags.flatMap { ["--tag", $0] }
                + dockerfile.arguments.flatMap { ["--build-arg", $0] } + ["--file", "Dockerfile", "."],
            layers: dockerfile.layers
        )
    }

    private func labels(
        _ settings: ImageSettings,
        _ base: ImageBase,
        _ engines: [ContainerImagePlan.EngineProgram]
    ) -> [String: String] {
        let standard = "org.opencontainers.image."
        var labels = [
            ContainerLabel.kind: ContainerLabel.Kind.image.rawValue,
            standard + "title": settings.title,
            standard + "version": settings.version,
            standard + "description": settings.description,
            standard + "authors": settings.maintainer,
            standard + "base.name": base.reference,
        ]
        for engine in engines {
            labels[ContainerLabel.enginePrefix + engine.architecture.rawValue] = engine.path.string
        }
        return labels
    }

    private func dependencies(_ packages: [ContainerImagePlan.Package], _ sources: [String])
        -> Dockerfile.Layer
    {
        let list = "/tmp/pandacap.list"
        // What is looked up there is what was planned; the base's own list stays as it is.
        let apt =
            "apt-get -q -o Dir::Etc::sourcelist=\(list) -o Dir::Etc::sourceparts=- -o Acquire::Retries=3"
        let omitted =
            Self.leftOut.map { "-o Dpkg::Options::=--path-exclude=\($0)" }
            + Self.kept.map {
                "-o Dpkg::Options::=--path-include=\($0)"
            }
        let words = packages.map { shellQuoted("\($0.name)=\($0.version)") }
        return Dockerfile.Layer(
            name: "dependencies",
            instructions: [
                Dockerfile.run(
                    [
                        "printf '%s\\n' \(shellLine(sources)) > \(list)",
                        "\(apt) update",
                        "DEBIAN_FRONTEND=noninteractive \(apt) install --yes --no-install-recommends "
                            + "-o DPkg::Use-Pty=0 \\\n        "
                            + omitted.map(quotedOption).joined(separator: " ") + " \\\n        "
                            + words.joined(separator: " \\\n        "),
                        "rm -f \(list)",
                        // Not left out: the scripts of their package want them once.
                        "rm -rf /usr/share/icons/*",
                    ] + Self.cleaning
                )
            ]
        )
    }

    private func quotedOption(_ option: String) -> String {
        "-o " + shellQuoted(String(option.dropFirst(3)))
    }

    /// What people read and programs do without.
    private static let leftOut = [
        "/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*",
        "/usr/share/help/*",
        "/usr/share/gtk-doc/*", "/usr/share/lintian/*", "/usr/share/iso-codes/*",
        "/usr/share/xml/iso-codes/*",
    ]
    private static let kept = ["/usr/share/doc/*/copyright", "/usr/share/locale/locale.alias"]

    /// What apt and dpkg leave behind.
    private static let cleaning = [
        "rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/cache/ldconfig/* "
            + "/var/lib/dpkg/*-old /var/log/apt /var/log/*.log"
    ]

    private func bootstrap(_ settings: ImageSettings, hasBundle: Bool) -> Dockerfile.Layer {
        let user = settings.user
        let share = settings.root / "share"
        let folder = Self.bundleFolder
        let making = [
            "{ getent group \(user.group) > /dev/null || groupadd --gid \(user.gid) \(user.group); }",
            "useradd --uid \(user.uid) --gid \(user.gid) --create-home --shell /bin/bash \(user.name)",
            "mkdir -p \(share)/bootstrap \(share)/qcow \(share)/rr",
            "chown \(user.uid):\(user.gid) \(share)/rr",
        ]
        let bundle = hasBundle ? ["\(folder)/bootstrap.sh", "rm -rf \(folder)"] : []
        return Dockerfile.Layer(
            name: "bootstrap",
            instructions: [
                "ENV PANDA_PATH=\(settings.root)", "COPY init/my_init init/setuser /sbin/",
                "COPY init/90_bootstrap.sh /etc/my_init.d/",
            ] + (hasBundle ? ["COPY bootstrap/ \(folder)/"] : [])
                + [Dockerfile.run(making + bundle + Self.cleaning)]
        )
    }

    private func engine(_ settings: ImageSettings, isCached: Bool) -> Dockerfile.Layer {
        let configuration = "/etc/ld.so.conf.d/pandacap.conf"
        return Dockerfile.Layer(
            name: "engine",
            instructions: ["COPY engine/ \(settings.root)/"]
                + (isCached
                    ? [Dockerfile.run(["echo \(settings.root)/lib > \(configuration)", "ldconfig"])] : [])
        )
    }

    private func context(_ request: Request, _ findings: Findings) -> [ContextFile] {
        let (files, libraries) = (findings.files, findings.libraries)
        let scripts = installation.containerFiles
        let own = ["my_init", "setuser", "90_bootstrap.sh"].map {
            ContextFile("init/\($0)", source: scripts / $0, mode: 0o755)
        }
        let starters = files.scripted.map {
            ContextFile(
                "engine/bin/panda-system-\($0.rawValue)",
                source: scripts / "panda-system",
                mode: 0o755
            )
        }
        let objects = files.objects.filter { libraries.broken[$0.source] == nil }.map {
            ContextFile("engine/\($0.path)", source: $0.source, mode: 0o755)
        }
        let data = files.data.map { ContextFile("engine/\($0.path)", source: $0.source, mode: $0.mode) }
        let copied = libraries.copied.map { ContextFile("engine/lib/\($0.name)", source: $0) }
        let bundle = (request.bundle?.files(of: .docker) ?? []) + request.added.map { "files/\($0.name)" }
        return
            (own + starters + objects + data + copied
            + bundle.map { ContextFile("bootstrap/\($0)", source: nil) }
            + [ContextFile("engine/libexec/panda-system", source: findings.launcher, mode: 0o755)])
            .sorted { $0.path < $1.path }
    }
}
