import DebianPackages
import Foundation
public import HostSupport
import RunRecords

/// Makes the managed engine from registry packages, without root privileges.
public struct EngineInstaller: Sendable {
    /// The name of the engine that is made.
    public static let name = "pandare-0.1.1.5"

    private let home: HostPath
    private let cache: HostPath
    private let console: Console

    /// Creates an installer.
    public init(home: HostPath = Storage.home, cache: HostPath = Storage.cache, console: Console) {
        self.home = home
        self.cache = cache
        self.console = console
    }

    /// Makes the engine; one that is there already is checked and left as it is.
    ///
    /// - Parameter force: Whether to make it anew even if it is there.
    /// - Returns: The engine.
    /// - Throws: ``HostSupport/Failure`` where something cannot be had, built or run.
    public func install(force: Bool) async throws -> ManagedEngine {
        let engines = home / "engines"
        try FileSystem.createDirectory(engines)
        let lock = try FileLock(engines / ".lock")
        defer { withExtendedLifetime(lock) {} }
        if !force, let engine = try ManagedEngine.installed(in: home).first(where: { $0.name == Self.name }) {
            // One of before the corrections gets them now.
            for correction in EngineCorrection.all { try correction.apply(in: engine.folder / "data") }
            try await check(engine)
            return engine
        }
        try await requireHost()
        let partial = engines / (Self.name + ManagedEngine.partialSuffix)
        try FileSystem.remove(partial)
        try FileSystem.createDirectory(partial / "lib")
        try await unpackWheel(into: partial)
        for correction in EngineCorrection.all { try correction.apply(in: partial / "data") }
        let libraries = try await addLibraries(to: partial)
        let engine = ManagedEngine(
            name: Self.name,
            wheelSHA256: PackageIndexFile.pandare.sha256,
            architectures: architectures(in: partial / "data"),
            libraries: libraries.sorted { $0.name < $1.name },
            folder: partial
        )
        try await console.step("starting the engine once for each architecture") { try await check(engine) }
        try FileSystem.write(try JSONText.encode(engine), to: partial / ManagedEngine.descriptionName)
        let target = engines / Self.name
        try FileSystem.remove(target)
        try FileSystem.rename(partial, to: target)
        guard let installed = try ManagedEngine.installed(in: home).first(where: { $0.name == Self.name })
        else {
            throw Failure(.internal, "the engine in \(target) is not found again")
        }
        return installed
    }

    /// What the engine's libraries come from: Debian 12's packages, and two of Debian 11.
    private static let packages = [
        "libaio1", "libcacard0", "libcapstone4", "libdwarf1", "libepoxy0", "libfdt1", "libffi7", "libgbm1",
        "libgtk-3-0",
        "libibverbs1", "libiscsi7", "libllvm11", "liblzo2-2", "libnuma1", "libpixman-1-0", "libprotobuf-c1",
        "librados2", "librbd1", "librdmacm1", "libsasl2-2", "libseccomp2", "libspice-server1",
        "libusb-1.0-0", "libusbredirparser1", "libvirglrenderer1",
    ]

    private func requireHost() async throws {
        let machine = try await Tool("uname", package: "coreutils").run(["-m"]).trimming
        guard machine == "x86_64" else {
            throw Failure(
                .unavailable,
                "the managed engine is made for x86_64 hosts, and this one is \(machine)",
                hint: "build PANDA for this host and set PANDA_PATH to it"
            )
        }
        for tool in [Tool("gcc", package: "gcc"), Tool("g++", package: "g++"), Tool("make", package: "make")]
        {
            _ = try tool.located()
        }
    }

    private func unpackWheel(into folder: HostPath) async throws {
        let wheel = try await PackageIndexFile.pandare.fetched(into: cache, console: console)
        try await console.step("unpacking the engine") {
            _ = try await Tool("unzip", package: "unzip").run([
                "-q", wheel.string, "pandare/data/*", "-d", folder.string,
            ])
        }
        try FileSystem.rename(folder / "pandare/data", to: folder / "data")
        try FileSystem.remove(folder / "pandare")
    }

    private func addLibraries(to folder: HostPath) async throws -> [ManagedEngine.Library] {
        let lib = folder / "lib"
        async let protobuf: Void = ProtobufLibrary.build(cache: cache, into: lib, console: console)
        let packages = folder / "packages"
        let root = AptRoot(
            cache: cache,
            suites: ["bookworm", "bullseye"],
            architecture: "amd64",
            installed: .host,
            console: console
        )
        try await root.update()
        for (_, file) in try await root.download(try await root.closure(of: Self.packages)) {
            try await AptRoot.unpack(file, into: packages)
        }
        try await protobuf
        let built = ManagedEngine.Library(name: ProtobufLibrary.name, source: .built)
        var collection = try await LibraryCollection(folder: lib, packages: packages, present: [built])
        let objects = sharedObjects(in: folder / "data")
        let missing = try await collection.gather(for: objects.engines + objects.plugins)
        let unknown = try await collection.addStubs(for: missing, work: packages)
        for name in unknown {
            let users = Set((missing[name] ?? []).map(\.name)).sorted()
            guard Set(users).isDisjoint(with: objects.engines.map(\.name)) else {
                throw Failure(
                    .unavailable,
                    "the engine needs \(name), which neither this host nor Debian 12 has",
                    hint: "install it, or use an installed PANDA through PANDA_PATH"
                )
            }
            console.detail("\(name) is not to be had; it is wanted by \(users.joined(separator: ", "))")
        }
        try FileSystem.remove(packages)
        return collection.libraries
    }

    private func check(_ engine: ManagedEngine) async throws {
        for engine in engine.engines { _ = try await EngineDescription.of(engine) }
    }

    private func architectures(in data: HostPath) -> [GuestArchitecture] {
        GuestArchitecture.allCases.filter { architecture in
            FileSystem.exists(
                data / "\(architecture.rawValue)-softmmu" / EngineFinder.libraryName(architecture)
            )
        }
    }

    private func sharedObjects(in data: HostPath) -> (engines: [HostPath], plugins: [HostPath]) {
        let folders = GuestArchitecture.allCases.map { data / "\($0.rawValue)-softmmu" }
        let engines = zip(GuestArchitecture.allCases, folders)
            .map { $1 / EngineFinder.libraryName($0) }
            .filter(FileSystem.exists)
        let plugins = folders.flatMap { folder in
            FileSystem.list(folder / "panda/plugins")
                .filter { $0.hasSuffix(".so") }
                .map { folder / "panda/plugins" / $0 }
        }
        return (engines, plugins)
    }
}
