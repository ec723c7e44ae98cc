public import Foundation
public import HostSupport
public import RunRecords

/// Finds engines, in the order of ``Engine/Origin``, and remembers what it was told of them.
public actor EngineFinder {
    private let home: HostPath
    private let named: HostPath?
    private let environment: [String: String]
    private var found: [Engine]?
    private var descriptions: [Engine: EngineDescription] = [:]

    /// Creates a finder.
    ///
    /// - Parameters:
    ///   - named: What the user named: an executable, a library, a folder with either, or `managed`.
    ///   - home: The folder of managed engines.
    ///   - environment: Where `PANDA_PATH`, `PATH` and `PANDACAP_ENGINE` are looked up.
    public init(
        named: String? = nil,
        home: HostPath = Storage.home,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.home = home
        self.environment = environment
        self.named = (named ?? environment["PANDACAP_ENGINE"]).flatMap { $0.isEmpty ? nil : HostPath($0) }
    }

    /// The engine to use for guests of an architecture.
    ///
    /// - Parameter architecture: The guests' architecture.
    /// - Returns: The first in the order of ``Engine/Origin``.
    /// - Throws: ``HostSupport/Failure`` with `unavailable`, naming the places that were looked at.
    public func find(_ architecture: GuestArchitecture) async throws -> Engine {
        if let named, named != "managed" {
            if let engine = engine(at: named, architecture, .named) { return engine }
            throw Failure(
                .unavailable,
                "there is no engine for \(architecture.rawValue) at \(named)",
                hint:
                    "name an executable panda-system-\(architecture.rawValue), a libpanda-\(architecture.rawValue)"
                    + ".so, a folder with either, or 'managed'"
            )
        }
        if let engine = try await all().first(where: { $0.architecture == architecture }) { return engine }
        let partial = FileSystem.list(home / "engines").contains { $0.hasSuffix(ManagedEngine.partialSuffix) }
        throw Failure(
            .unavailable,
            "no engine for \(architecture.rawValue) guests: looked for panda-system-\(architecture.rawValue) in "
                + "PANDA_PATH (\(environment["PANDA_PATH"] ?? "not set")) and on PATH, for the Python package "
                + "pandare, and in \(home / "engines")"
                + (partial ? ", where an install was not finished" : ""),
            hint: "run 'pandacap engine install', or set PANDA_PATH to an installed PANDA"
        )
    }

    /// Every engine on this host, the preferred ones first.
    ///
    /// - Returns: The engines of all architectures.
    /// - Throws: ``HostSupport/Failure`` where a managed engine's description cannot be read.
    public func all() async throws -> [Engine] {
        if let found { return found }
        let engines = try await search()
        found = engines
        return engines
    }

    /// What an engine says of itself; it is asked once.
    ///
    /// - Parameter engine: The engine.
    /// - Returns: Its description, without its plugins.
    /// - Throws: ``HostSupport/Failure`` with `unavailable` where it does not run on this host.
    public func description(of engine: Engine) async throws -> EngineDescription {
        if let description = descriptions[engine] { return description }
        let description = try await EngineDescription.of(engine)
        descriptions[engine] = description
        return description
    }

    private func search() async throws -> [Engine] {
        let architectures = GuestArchitecture.allCases
        var found: [Engine] = []
        if let named {
            let managed = try ManagedEngine.installed(in: home)
            if named == "managed" { return managed.flatMap(\.engines) }
            return architectures.compactMap { engine(at: named, $0, .named) }
        }
        if let path = environment["PANDA_PATH"], !path.isEmpty {
            found += architectures.compactMap { engine(at: HostPath(path), $0, .pandaPath) }
        }
        let folders = (environment["PATH"] ?? "").split(separator: ":").map { HostPath(String($0)) }
        found += architectures.compactMap { architecture in
            folders.lazy.map { $0 / Self.programName(architecture) }
                .first(where: FileSystem.isExecutable)
                .map { Engine(origin: .path, architecture: architecture, program: $0) }
        }
        if let data = await pythonData() {
            found += architectures.compactMap { library(in: data, $0, .python) }
        }
        return found + (try ManagedEngine.installed(in: home).flatMap(\.engines))
    }

    private func engine(at given: HostPath, _ architecture: GuestArchitecture, _ origin: Engine.Origin)
        -> Engine?
    {
        let path = FileSystem.absolute(given)
        guard FileSystem.isDirectory(path) else {
            guard path.name == Self.programName(architecture) || path.name == Self.libraryName(architecture),
                FileSystem.exists(path)
            else { return nil }
            let isLibrary = path.name == Self.libraryName(architecture)
            return Engine(
                origin: origin,
                architecture: architecture,
                program: path,
                dataFolder: isLibrary ? path.parent.parent : nil
            )
        }
        let folder = "\(architecture.rawValue)-softmmu"
        let programs = ["", "bin", folder, "build/\(folder)"].map {
            path / $0 / Self.programName(architecture)
        }
        if let program = programs.first(where: FileSystem.isExecutable) {
            return Engine(origin: origin, architecture: architecture, program: program)
        }
        return ["", "build", "data"].lazy.compactMap { self.library(in: path / $0, architecture, origin) }
            .first
    }

    private func library(
        in data: HostPath,
        _ architecture: GuestArchitecture,
        _ origin: Engine.Origin
    ) -> Engine? {
        let program = data / "\(architecture.rawValue)-softmmu" / Self.libraryName(architecture)
        guard FileSystem.exists(program) else { return nil }
        return Engine(origin: origin, architecture: architecture, program: program, dataFolder: data)
    }

    /// The data folder of an installed Python package `pandare`; the package itself is not loaded.
    private func pythonData() async -> HostPath? {
        let question = """
            import importlib.util
            found = importlib.util.find_spec("pandare")
            print(found.submodule_search_locations[0] if found and found.submodule_search_locations else "")
            """
        let answer = try? await Tool("python3").output(["-I", "-c", question])
        guard let answer, answer.status == .exited(0), !answer.standardOutput.trimming.isEmpty else {
            return nil
        }
        return HostPath(answer.standardOutput.trimming) / "data"
    }

    static func programName(_ architecture: GuestArchitecture) -> String {
        "panda-system-\(architecture.rawValue)"
    }

    static func libraryName(_ architecture: GuestArchitecture) -> String {
        "libpanda-\(architecture.rawValue).so"
    }
}
