public import Bootstrap
import DebianPackages
import Foundation
public import HostSupport
public import PandaEngine
import RunRecords

/// Makes the plan of an image.
public struct ContainerImagePlanner: Sendable {
    /// What the image consists of.
    public struct Request: Sendable {
        /// What the user's variables say.
        public var settings: ImageSettings
        /// The engines, one for each architecture.
        public var engines: [Engine]
        /// The bundle that is run in it.
        public var bundle: BootstrapBundle?
        /// Files of the host that go to the bundle's `files/`.
        public var added: [HostPath]
        /// Whether layers that were built before are made anew.
        public var isFresh: Bool

        /// Describes an image.
        public init(
            settings: ImageSettings,
            engines: [Engine],
            bundle: BootstrapBundle? = nil,
            added: [HostPath] = [],
            isFresh: Bool = false
        ) {
            self.settings = settings
            self.engines = engines
            self.bundle = bundle
            self.added = added
            self.isFresh = isFresh
        }
    }

    let runtime: ContainerRuntime
    let installation: Installation
    let cache: HostPath
    let home: HostPath
    let console: Console

    /// Creates a planner.
    public init(
        runtime: ContainerRuntime,
        installation: Installation,
        home: HostPath = Storage.home,
        cache: HostPath = Storage.cache,
        console: Console
    ) {
        self.runtime = runtime
        self.installation = installation
        self.home = home
        self.cache = cache
        self.console = console
    }

    /// How long lists of packages are taken for new.
    private static let listAge: TimeInterval = 3600
    /// What the image's own scripts are: the init, and what makes users and runs commands as one.
    private static let ownPackages = ["libc-bin", "passwd", "tini", "util-linux"]
    /// No package may bring another init along.
    private static let excluded = ["systemd-sysv"]

    /// Makes the plan.
    ///
    /// - Parameters:
    ///   - request: What the image consists of.
    ///   - acting: Whether a base that is not here is fetched or made; otherwise the plan says that it would be.
    /// - Returns: The plan.
    /// - Throws: ``HostSupport/Failure`` where something that the image needs is nowhere.
    public func plan(_ request: Request, acting: Bool) async throws -> ContainerImagePlan {
        try FileSystem.createDirectory(cache)
        let lock = try await FileLock.wait(for: cache / "container-image.lock")
        defer { withExtendedLifetime(lock) {} }
        let settings = request.settings
        let bases = BaseImages(runtime: runtime, cache: cache, console: console)
        let base: ImageBase
        if acting {
            base = try await bases.provide(settings.base)
        } else {
            base = try await bases.present(settings.base) ?? bases.expected(settings.base)
        }
        let launcher = try Launcher.library.located()
        let files = try await EngineFiles(request.engines)
        let roots = files.objects.map(\.source) + [launcher]
        try checkArchitecture(of: roots, on: base)
        let apt = AptRoot.ofImages(
            suite: base.suite,
            architecture: base.architecture,
            cache: cache,
            console: console
        )
        if request.isFresh || !isNew(apt) {
            try await console.step("fetching the lists of packages of \(base.suite)") {
                try await apt.update()
            }
        }
        try apt.setInstalled(base.status ?? "")
        let libraries = try await LibraryResolution.of(
            roots,
            folders: files.libraryFolders
                + (try ManagedEngine.installed(in: home)).map { $0.folder / "lib" },
            apt: apt,
            installed: base.packages
        )
        try checkEngines(libraries, files, launcher, base)
        let packages = try await packages(libraries, settings, apt, base)
        try await checkGlibc(
            of: files.objects.filter(\.isEngine).map(\.source) + [launcher] + libraries.copied,
            on: base,
            packages,
            apt
        )
        return try await assemble(
            request,
            Findings(
                base: base,
                files: files,
                launcher: launcher,
                libraries: libraries,
                packages: packages,
                sources: try apt.sources()
            )
        )
    }

    private func isNew(_ apt: AptRoot) -> Bool {
        apt.updated.map { -$0.timeIntervalSinceNow < Self.listAge } ?? false
    }

    private func packages(
        _ libraries: LibraryResolution,
        _ settings: ImageSettings,
        _ apt: AptRoot,
        _ base: ImageBase
    ) async throws -> [String: String] {
        let extra = settings.packages
        let names = Set(libraries.packages.keys).union(Self.ownPackages).union(extra).sorted()
        var versions: [String: String]
        do {
            versions = try await apt.versions(
                of: names,
                excluding: Self.excluded.filter { !extra.contains($0) }
            )
        } catch var failure as Failure where failure.code == .notFound {
            failure.hint = "IMAGE_EXTRA_PACKAGES names packages of Debian's section 'main'"
            throw failure
        }
        // Of a base that is not here, only what every Debian has is known.
        if base.status == nil {
            for name in try await apt.closure(of: AptRoot.base) { versions[name] = nil }
        }
        return versions
    }

    private func checkArchitecture(of files: [HostPath], on base: ImageBase) throws {
        for file in files {
            let architecture = ELFHeader(file)?.architecture
            guard architecture != base.architecture else { continue }
            throw Failure(
                .unavailable,
                "\(file) is made for \(architecture ?? "other") machines, and the base \(base.reference) is "
                    + "for \(base.architecture)",
                hint: "name another base with --base, or another engine with --engine"
            )
        }
    }

    private func checkEngines(
        _ libraries: LibraryResolution,
        _ files: EngineFiles,
        _ launcher: HostPath,
        _ base: ImageBase
    ) throws {
        for file in files.objects.filter(\.isEngine).map(\.source) + [launcher] {
            guard let library = libraries.broken[file] else { continue }
            throw Failure(
                .unavailable,
                "\(file) needs \(library), which neither Debian \(base.suite) nor the engine has",
                hint: "build it for that release, or name another base with --base"
            )
        }
    }

    private func checkGlibc(
        of files: [HostPath],
        on base: ImageBase,
        _ packages: [String: String],
        _ apt: AptRoot
    ) async throws {
        var known = packages["libc6"] ?? base.version(of: "libc6")
        if known == nil { known = try await apt.versions(of: ["libc6"])["libc6"] }
        guard let version = known else { return }
        let there = version.prefix { $0 != "-" }.split(separator: ".").compactMap { Int($0) }
        for file in files {
            let wanted = try await SharedObject.glibcVersion(of: file)
            guard there.lexicographicallyPrecedes(wanted) else { continue }
            throw Failure(
                .unavailable,
                "\(file) needs glibc \(wanted.map(String.init).joined(separator: ".")), and Debian "
                    + "\(base.suite) has \(version)",
                hint: "name a newer base with --base, or an engine that was built on an older system"
            )
        }
    }
}
