import Foundation
public import HostSupport
public import RunRecords

/// One way of running PANDA for guests of one architecture.
public struct Engine: Sendable, Hashable, Codable {
    /// Where an engine was found; the cases are in the order in which they are preferred.
    public enum Origin: String, Sendable, Codable, CaseIterable {
        /// Named by `--engine` or `PANDACAP_ENGINE`.
        case named
        /// Below `PANDA_PATH`: an installation's `bin`, or a build tree's `ARCH-softmmu`.
        case pandaPath = "panda-path"
        /// `panda-system-ARCH` on `PATH`.
        case path
        /// The library in an installed Python package `pandare`.
        case python
        /// Made by `pandacap engine install`.
        case managed
    }

    /// The variable that names the folder which PANDA looks for plugins below first (panda/src/callbacks.c,
    /// panda_plugin_path); then it looks beside itself.
    public static let pluginVariable = "PANDA_DIR"

    /// Where it was found.
    public let origin: Origin
    /// The architecture of its guests.
    public let architecture: GuestArchitecture
    /// `libpanda-ARCH.so` or `panda-system-ARCH`.
    public let program: HostPath
    /// The folder of the `ARCH-softmmu` folders and of `pc-bios`, for a library; a program knows its own.
    public let dataFolder: HostPath?
    /// Folders with shared libraries that the host lacks.
    public let libraryFolders: [HostPath]

    /// Describes an engine.
    public init(
        origin: Origin,
        architecture: GuestArchitecture,
        program: HostPath,
        dataFolder: HostPath? = nil,
        libraryFolders: [HostPath] = []
    ) {
        self.origin = origin
        self.architecture = architecture
        self.program = program
        self.dataFolder = dataFolder
        self.libraryFolders = libraryFolders
    }

    /// Whether PANDA is a library here, which our launcher loads.
    public var isLibrary: Bool { program.name.hasPrefix("libpanda") }

    /// The folder of its plugins, `panda_NAME.so`.
    public var pluginFolder: HostPath {
        let beside = program.parent / "panda/plugins"
        if FileSystem.isDirectory(beside) { return beside }
        // PANDA's `make install` puts them here (panda/src/common.c, panda_plugin_path).
        return program.parent.parent / "lib/panda/\(architecture.rawValue)"
    }

    /// What is to be started to run this engine.
    ///
    /// - Parameters:
    ///   - arguments: PANDA's own arguments.
    ///   - workingDirectory: Where it runs; PANDA writes recordings there.
    ///   - bounds: What it is kept within; `nil` leaves it unbounded.
    ///   - lifeline: The process with which it is to end.
    ///   - inputs: Files that it is to have open for reading, by their file descriptors' numbers.
    /// - Returns: The command, with ``Launcher/boundary`` as the program.
    /// - Throws: ``HostSupport/Failure`` where a launcher cannot be found.
    public func command(
        _ arguments: [String],
        workingDirectory: HostPath,
        bounds: EngineBounds?,
        lifeline: Int32?,
        inputs: [Int: HostPath] = [:]
    ) throws -> LaunchCommand {
        let confinement = try bounds?.words(for: self) ?? []
        let life = lifeline.map { ["--lifeline", String($0)] } ?? []
        let open = inputs.sorted { $0.key < $1.key }.flatMap { ["--input", "\($0.key)=\($0.value)"] }
        return LaunchCommand(
            executable: try Launcher.boundary.located(),
            arguments: confinement + life + open + (try words) + arguments,
            environment: environment,
            workingDirectory: workingDirectory
        )
    }

    /// The program with the arguments that every start of this engine begins with.
    var words: [String] {
        get throws {
            let runner = isLibrary ? [try Launcher.library.located().string] : []
            let firmware = dataFolder.map { ["-L", ($0 / "pc-bios").string] } ?? []
            return runner + [program.string] + firmware
        }
    }

    /// What the engine needs in its environment.
    var environment: [String: String] {
        var settings: [String: String] = [:]
        if let dataFolder { settings[Self.pluginVariable] = dataFolder.string }
        // syscalls2 opens its tables by their bare names, so its folder is among the libraries'.
        let folders = (libraryFolders + (isLibrary ? [pluginFolder] : [])).map(\.string)
        if !folders.isEmpty {
            let given = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"].flatMap {
                $0.isEmpty ? nil : $0
            }
            settings["LD_LIBRARY_PATH"] = (folders + (given.map { [$0] } ?? [])).joined(separator: ":")
        }
        return settings
    }
}
