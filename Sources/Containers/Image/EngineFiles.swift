import Foundation
import HostSupport
import PandaEngine
import RunRecords

/// What of an engine goes into an image, and where.
///
/// Plugins and firmware are found where PANDA looks for them. What nothing could open is left behind: a file that is no
/// shared object goes along only where its name stands in one of the engine's, since PANDA opens all of them by name.
struct EngineFiles: Sendable {
    /// A shared object of the engine's.
    struct Object: Sendable, Hashable {
        let source: HostPath
        /// The path below `PANDA_PATH`.
        let path: String
        /// Whether it is the engine itself, and no plugin.
        let isEngine: Bool
    }

    /// The path below `PANDA_PATH` of the program or library that is the engine.
    private(set) var programs: [GuestArchitecture: String] = [:]
    private(set) var objects: [Object] = []
    /// What else may be opened.
    private(set) var data: [ContextFile] = []
    /// The architectures whose engines are run by the script `container/panda-system`.
    private(set) var scripted: [GuestArchitecture] = []
    /// Folders with libraries that the engines brought along.
    private(set) var libraryFolders: [HostPath] = []

    /// Looks through engines.
    ///
    /// - Parameter engines: One for each architecture.
    /// - Throws: `Failure` where one is no program or library, or cannot be read.
    init(_ engines: [Engine]) async throws {
        var candidates: [ContextFile] = []
        for engine in engines {
            guard Self.isObject(engine.program) else {
                throw Failure(
                    .unavailable,
                    "\(engine.program) is neither a program nor a library",
                    hint: "name the PANDA that it runs with --engine"
                )
            }
            candidates += isInstalled(engine) ? addInstalled(engine) : addTree(engine)
            libraryFolders += engine.libraryFolders
        }
        libraryFolders = libraryFolders.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        candidates = Array(Set(candidates)).sorted { $0.path < $1.path }
        let opened = try await Self.names(of: candidates, in: objects.map(\.source))
        data = candidates.filter { opened.contains(HostPath($0.path).name) }
        objects.sort { $0.path < $1.path }
    }

    /// Whether it lies in the folder `bin` of an installation, as `make install` of PANDA's puts it.
    private func isInstalled(_ engine: Engine) -> Bool {
        !engine.isLibrary && engine.program.parent.name == "bin"
    }

    private mutating func addInstalled(_ engine: Engine) -> [ContextFile] {
        let architecture = engine.architecture.rawValue
        let prefix = engine.program.parent.parent
        programs[engine.architecture] = "bin/panda-system-\(architecture)"
        objects.append(
            Object(source: engine.program, path: "bin/panda-system-\(architecture)", isEngine: true)
        )
        libraryFolders.append(prefix / "lib")
        let folders = ["share/panda", "share/qemu"].filter { FileSystem.isDirectory(prefix / $0) }
        let plugins = addFolder(engine.pluginFolder, as: "lib/panda/\(architecture)")
        return folders.flatMap { addFolder(prefix / $0, as: $0) } + plugins
    }

    private mutating func addTree(_ engine: Engine) -> [ContextFile] {
        let folder = "data/\(engine.architecture.rawValue)-softmmu"
        let program = "\(folder)/\(engine.program.name)"
        programs[engine.architecture] = program
        scripted.append(engine.architecture)
        objects.append(Object(source: engine.program, path: program, isEngine: true))
        let beside = engine.program.parent
        let firmware = [beside.parent, beside.parent.parent].map { $0 / "pc-bios" }
            .first(where: FileSystem.isDirectory)
        let top = FileSystem.list(beside)
            .filter { FileSystem.isRegularFile(beside / $0) && HostPath($0).hasSuffix(of: Self.openedBeside) }
            .map { ContextFile("\(folder)/\($0)", source: beside / $0) }
        return top + addFolder(engine.pluginFolder, as: "\(folder)/panda/plugins")
            + (firmware.map { addFolder($0, as: "data/pc-bios") } ?? [])
    }

    /// What PANDA opens in the folder of its library: a build tree has much else in it.
    private static let openedBeside = [".bc"]
    /// What no program opens when it runs.
    private static let neverOpened = [".h", ".py", ".a", ".o", ".d", ".c", ".cpp", ".md", ".debug"]

    /// Takes the shared objects of a folder, and returns its other files.
    private mutating func addFolder(_ folder: HostPath, as path: String) -> [ContextFile] {
        var others: [ContextFile] = []
        for name in ((try? FileManager.default.subpathsOfDirectory(atPath: folder.string)) ?? []).sorted() {
            let file = folder / name
            guard let real = FileSystem.resolved(file), FileSystem.isRegularFile(real),
                !file.hasSuffix(of: Self.neverOpened)
            else { continue }
            if name.hasSuffix(".so"), Self.isObject(real) {
                objects.append(Object(source: real, path: "\(path)/\(name)", isEngine: false))
            } else {
                others.append(ContextFile("\(path)/\(name)", source: real))
            }
        }
        return others
    }

    /// The names of files that stand in shared objects.
    private static func names(of files: [ContextFile], in objects: [HostPath]) async throws -> Set<String> {
        let names = Set(files.map { HostPath($0.path).name }).sorted()
        guard !names.isEmpty, !objects.isEmpty else { return [] }
        let found = try await Tool("grep", package: "grep").output(
            ["-a", "-o", "-h", "-F", "-f", "-"] + objects.map(\.string),
            environment: ["LC_ALL": "C"],
            input: names.joined(separator: "\n")
        )
        guard [.exited(0), .exited(1)].contains(found.status) else {
            throw Failure(.inputOutput, "cannot read the engine: \(found.standardError.prefix(200))")
        }
        return Set(found.standardOutput.split(separator: "\n").map(String.init))
    }

    private static func isObject(_ file: HostPath) -> Bool { ELFHeader(file) != nil }
}

extension HostPath {
    /// Whether the name ends with one of some texts.
    fileprivate func hasSuffix(of endings: [String]) -> Bool { endings.contains(where: name.hasSuffix) }
}
