import Foundation
import HostSupport
import RunRecords

/// What an engine says of itself, and which of its plugins work on this host.
public struct EngineDescription: Sendable, Codable {
    /// One plugin of an engine.
    public struct Plugin: Sendable, Codable, Hashable {
        /// Its name, as `-panda` takes it.
        public let name: String
        /// Why it cannot be loaded on this host; nothing where it can.
        public let problem: String?
        /// Libraries that it wants and that stubs stand for: it loads, and stops the engine when it uses one.
        public let stubs: [String]
    }

    /// The engine.
    public let engine: Engine
    /// The first line of `-version`.
    public let version: String
    /// When it was built, where it says so.
    public let buildDate: String?
    /// The SHA-256 digest of the program or library.
    public let sha256: String
    /// Whether it offers `-complete-rr-snapshot`; older engines always store complete snapshots.
    public let hasCompleteSnapshotOption: Bool
    /// The window system that it shows guests' displays with, as `-display` takes it; nothing where it has none.
    public let windowSystem: String?
    /// Its plugins, sorted by name; empty until ``withPlugins()`` was asked for.
    public let plugins: [Plugin]

    /// Asks an engine what it is; its plugins are left out.
    ///
    /// - Parameter engine: The engine.
    /// - Returns: Its description.
    /// - Throws: ``HostSupport/Failure`` with `unavailable` where it does not run on this host.
    public static func of(_ engine: Engine) async throws -> EngineDescription {
        guard let help = EngineHelp(try await ask(engine, "-help")) else {
            throw Failure(.unavailable, "\(engine.program) does not tell its version")
        }
        guard help.isPanda else {
            throw Failure(
                .unavailable,
                "\(engine.program) is not PANDA: it has no option -panda",
                hint: "stock QEMU cannot record; 'pandacap engine install' gets an engine that can"
            )
        }
        return EngineDescription(
            engine: engine,
            version: help.version,
            buildDate: help.buildDate,
            sha256: try await Digest.sha256(engine.program),
            hasCompleteSnapshotOption: help.hasCompleteSnapshotOption,
            windowSystem: help.windowSystem,
            plugins: []
        )
    }

    /// The same description with the plugins, each of which was loaded to see whether it can be.
    ///
    /// - Returns: The description with ``plugins`` filled in.
    /// - Throws: ``HostSupport/Failure`` where the launcher cannot be run.
    public func withPlugins() async throws -> EngineDescription {
        let folder = engine.pluginFolder
        let files = FileSystem.list(folder).filter { $0.hasPrefix("panda_") && $0.hasSuffix(".so") }
        let problems = engine.isLibrary ? try await loadProblems(files) : try await missingLibraries(files)
        let stubs = try await stubs(wantedBy: files)
        return EngineDescription(
            engine: engine,
            version: version,
            buildDate: buildDate,
            sha256: sha256,
            hasCompleteSnapshotOption: hasCompleteSnapshotOption,
            windowSystem: windowSystem,
            plugins: files.map {
                Plugin(name: Self.pluginName($0), problem: problems[$0], stubs: stubs[$0] ?? [])
            }
        )
    }

    /// Makes sure that plugins exist and can be loaded, before a guest is started with them.
    ///
    /// - Parameters:
    ///   - names: Names of plugins.
    ///   - engine: The engine.
    /// - Throws: ``HostSupport/Failure`` with `unavailable`, naming the plugin and what it lacks.
    public static func requirePlugins(_ names: [String], of engine: Engine) async throws {
        let described = EngineDescription(
            engine: engine,
            version: "",
            buildDate: nil,
            sha256: "",
            hasCompleteSnapshotOption: false,
            windowSystem: nil,
            plugins: []
        )
        let files = names.map { "panda_\($0).so" }
        for (name, file) in zip(names, files) where !FileSystem.exists(engine.pluginFolder / file) {
            throw Failure(
                .unavailable,
                "the engine has no plugin '\(name)': there is no \(engine.pluginFolder / file)",
                hint: PluginAdvice.missing(name, in: engine.pluginFolder)
            )
        }
        let problems = engine.isLibrary ? try await described.loadProblems(files) : [:]
        for (name, file) in zip(names, files) {
            guard let problem = problems[file] else { continue }
            throw Failure(
                .unavailable,
                "the plugin '\(name)' cannot be loaded: \(problem)",
                hint: PluginAdvice.of(problem)
            )
        }
    }

    private func loadProblems(_ files: [String]) async throws -> [String: String] {
        let paths = files.map { (engine.pluginFolder / $0).string }
        let output = try await Tool(try Launcher.library.located().string).run(
            ["--probe-plugins", engine.program.string] + paths,
            environment: engine.environment
        )
        var problems: [String: String] = [:]
        for line in output.split(separator: "\n") {
            let fields = line.split(separator: "\t", maxSplits: 1).map(String.init)
            if fields.count == 2 { problems[HostPath(fields[0]).name] = fields[1] }
        }
        return problems
    }

    private func stubs(wantedBy files: [String]) async throws -> [String: [String]] {
        let stubs = try engine.stubs()
        guard !stubs.isEmpty else { return [:] }
        let needs = try await SharedObject.needs(of: files.map { engine.pluginFolder / $0 })
        return Dictionary(
            uniqueKeysWithValues: needs.map { ($0.name, $1.filter(stubs.contains).sorted()) }
        )
    }

    /// A program's plugins take its symbols and cannot be loaded without it, but their libraries can be looked up.
    private func missingLibraries(_ files: [String]) async throws -> [String: String] {
        var problems: [String: String] = [:]
        for file in files {
            let output = try await Tool("ldd", package: "libc-bin").output([
                (engine.pluginFolder / file).string
            ])
            let missing = output.standardOutput.split(separator: "\n")
                .filter { $0.contains("not found") && $0.contains("=>") }
                .map { String($0).trimming }
            if !missing.isEmpty { problems[file] = missing.joined(separator: ", ") }
        }
        return problems
    }

    private static func ask(_ engine: Engine, _ option: String) async throws -> String {
        let words = try engine.words
        let output = try await Tool(words[0]).output(
            words.dropFirst() + [option],
            environment: engine.environment
        )
        guard output.status == .exited(0) else {
            throw Failure(
                .unavailable,
                "the engine \(engine.program) does not run here: it \(output.status): "
                    + (output.standardError + output.standardOutput).trimming,
                hint: "a managed engine is mended by 'pandacap engine install'"
            )
        }
        return output.standardOutput
    }

    private static func pluginName(_ file: String) -> String {
        String(file.dropFirst("panda_".count).dropLast(".so".count))
    }
}
