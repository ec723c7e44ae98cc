import ArgumentParser
import Containers
import Foundation
import HostSupport
import PandaEngine
import RunRecords

/// The original's options for all modes, except those of Docker.
struct OriginalOptions: ParsableArguments {
    /// The original's disk.
    static let usualDisk = "./panda-qcow/ubuntu16-planb.qcow2"
    /// The original's network device, which is the one that is used without being named.
    static let networkDevice = "-device e1000,netdev=unet0"

    @Option(
        name: .customLong("run-id"),
        help:
            "The run's name; a number gets five digits. One is made of the time and the disk's name otherwise."
    )
    var runID: String?

    @Option(
        name: [.customShort("o"), .customLong("output-dir")],
        help: ArgumentHelp("The folder that all files that are made go to.", valueName: "folder")
    )
    var outputFolder = "."

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The machine's memory in MiB; 512, or an image's own, if it is left out.",
            valueName: "MiB"
        )
    )
    var mem: UInt32?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The guest's architecture; i386, or an image's own, if it is left out.",
            valueName: "target"
        )
    )
    var target: GuestArchitecture?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A disk file (qcow2 or raw), or the name of a guest image.", valueName: "disk")
    )
    var disk = OriginalOptions.usualDisk

    @Option(help: ArgumentHelp("The engine's arguments that make the network device.", valueName: "words"))
    var nic = OriginalOptions.networkDevice

    @Option(
        name: .customLong("port-fwd"),
        help: ArgumentHelp(
            "Forward a port, FROM:TO[:SCOPE[:PROTO]]: FROM is the guest's port, 'ssh' (22) or 'sftp' (2222); TO the "
                + "host's, 0 for any that is free; SCOPE 'l' (local) or '*'; PROTO tcp or udp. Without a scope the "
                + "port is local, also for 'ssh' and 'sftp', which the original opened to everybody.",
            valueName: "forward"
        ),
        transform: { try PortForward($0) }
    )
    var portForward: [PortForward] = []

    @Option(
        name: [.customShort("D"), .long],
        help: ArgumentHelp(
            "Show the guest's display on this X display; it is shown nowhere otherwise.",
            valueName: "display"
        )
    )
    var display: String?

    /// The folder that runs are kept in.
    var collection: HostPath {
        let folder = HostPath(outputFolder)
        return FileSystem.resolved(folder) ?? FileSystem.absolute(folder)
    }

    /// The machine's memory, where it was named.
    var memory: ByteSize? { mem.map { .mebibytes(UInt64($0)) } }

    /// The run's name as the original normalised it.
    var normalisedRunID: String? { runID.map(Self.normalised) }

    /// Those of the options that were given and play no part in a replay: what it needs is in the recording.
    ///
    /// - Parameter knowsMachine: Whether the recording belongs to a run, which knows its machine.
    /// - Returns: Their names.
    func unused(inReplayThatKnowsMachine knowsMachine: Bool) -> [String] {
        let given = [
            ("--run-id", runID != nil), ("--port-fwd", !portForward.isEmpty), ("--display", display != nil),
            ("--disk", disk != Self.usualDisk), ("--target", knowsMachine && target != nil),
            ("--nic", knowsMachine && nic != Self.networkDevice),
        ]
        return given.filter(\.1).map(\.0)
    }

    /// A number with at least five digits, any other name as it is.
    static func normalised(_ name: String) -> String {
        guard let number = Int(name.trimmingCharacters(in: .whitespaces)) else { return name }
        return number.digits(5)
    }

    /// The words that make the network device; none where it is the usual one.
    ///
    /// - Returns: The words, connected to our network.
    /// - Throws: `Failure` where a quote is not closed.
    func networkWords() throws -> [String]? {
        guard nic != Self.networkDevice else { return nil }
        return try NetworkWords.of(nic)
    }

    /// Finds the engine; one in the working folder, which the original took, is only pointed out: the folder may be
    /// somebody else's.
    ///
    /// - Parameters:
    ///   - options: What the user named.
    ///   - architecture: The guest's architecture.
    ///   - container: The container that it is to run in.
    /// - Returns: Where it comes from.
    /// - Throws: `Failure` with `unavailable` where there is none.
    func engines(
        _ options: EngineOptions,
        for architecture: GuestArchitecture,
        in container: ContainerRequest? = nil
    ) async throws -> EngineSource {
        if let container { return .container(container, nil) }
        if let image = options.imageName {
            return .container(try ContainerRequest(image: image, settings: ContainerOptions.settings()), nil)
        }
        let finder = try options.finder()
        do {
            _ = try await finder.find(architecture)
        } catch var failure as Failure where options.engine == nil {
            let program = "panda-system-\(architecture.rawValue)"
            if let built = Self.builtEngine(program, in: FileSystem.absolute(".")) {
                failure.hint =
                    "there is one in the working folder; if you trust it, name it: --engine \(shellQuoted(built.string))"
            }
            throw failure
        }
        return .host(finder)
    }

    /// An engine in a build tree of PANDA: in a folder `*-softmmu` of this one, or of one in it.
    static func builtEngine(_ program: String, in folder: HostPath) -> HostPath? {
        let folders = [folder] + FileSystem.list(folder).map { folder / $0 }
        return folders.flatMap { folder in
            FileSystem.list(folder).filter { $0.hasSuffix("-softmmu") }.map { folder / $0 / program }
        }
        .first(where: FileSystem.isExecutable)
    }
}
