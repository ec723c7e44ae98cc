import Foundation
import HostSupport
import PandaEngine
import RunRecords

/// The engine of an image, as it described itself in a container.
struct ImageEngine: Sendable, Hashable, Codable {
    /// `panda-system-ARCH` in the image.
    let program: HostPath
    /// The first line of its `-version`.
    let version: String
    /// The SHA-256 digest of the program, or of the library that the image's label names.
    let sha256: String
    /// Whether it offers `-complete-rr-snapshot`.
    let hasCompleteSnapshotOption: Bool
    /// The window system that it shows guests' displays with; nothing where it has none.
    let windowSystem: String?
    /// The names of its plugins.
    let plugins: [String]

    /// Asks the engine of an image what it is; an image that was asked before is remembered by its id.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - architecture: The guests' architecture.
    ///   - runtime: Docker or Podman.
    ///   - cache: Where answers are kept, `Storage.cache` for the user's own.
    /// - Returns: The engine.
    /// - Throws: ``HostSupport/Failure`` with `unavailable` where the image has no such engine, or it does not run.
    static func of(
        _ image: FoundImage,
        _ architecture: GuestArchitecture,
        _ runtime: ContainerRuntime,
        cache: HostPath
    ) async throws -> ImageEngine {
        let folder = cache / "container-engines"
        let note = folder / "\(safeFileName(image.id)).\(architecture.rawValue).json"
        if let data = try? FileSystem.read(note),
            let known = try? JSONText.decode(ImageEngine.self, from: data, source: note.string)
        {
            return known
        }
        let answer = try await ask(image, architecture, runtime)
        let engine = try parse(answer, image, architecture)
        try FileSystem.createDirectory(folder)
        try FileSystem.write(try JSONText.encode(engine), to: note)
        return engine
    }

    /// What is run in the image: its first two arguments are the engine's program and what its digest is taken of.
    private static let question = """
        program=$(command -v "$1") || exit 127
        subject=${2:-$(readlink -f "$program")}
        echo "program $program"
        echo "sha256 $(sha256sum "$subject")"
        beside=${subject%/*}
        for plugin in "$beside"/panda/plugins/panda_*.so "${beside%/*}/lib/panda/$3"/panda_*.so; do
            [ -e "$plugin" ] && echo "plugin ${plugin##*/}"
        done
        echo help
        exec "$program" -help
        """

    private static func ask(
        _ image: FoundImage,
        _ architecture: GuestArchitecture,
        _ runtime: ContainerRuntime
    ) async throws -> String {
        let name = architecture.rawValue
        let output = try await runtime.tool.output(
            ContainerLaunch.question + ["--user", "65534:65534", "--entrypoint", "/bin/sh"]
                + [image.id, "-c", question, "sh", "panda-system-\(name)"]
                + [image.labels[ContainerLabel.enginePrefix + name] ?? "", name]
        )
        switch output.status {
        case .exited(0):
            return output.standardOutput
        case .exited(127) where output.standardOutput.isEmpty:
            throw Failure(
                .unavailable,
                "the container image '\(image.name)' has no engine for \(name) guests: there is no program "
                    + "panda-system-\(name) in it",
                hint: "'pandacap container build' makes an image that has one"
            )
        default:
            throw Failure(
                .unavailable,
                "the engine in the container image '\(image.name)' does not run: it \(output.status): "
                    + ContainerRuntime.words(of: output)
            )
        }
    }

    /// Reads what an image answered; whoever made the image made that, too.
    static func parse(_ answer: String, _ image: FoundImage, _ architecture: GuestArchitecture) throws
        -> ImageEngine
    {
        let lines = answer.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let end = lines.firstIndex(of: "help") ?? lines.endIndex
        func values(_ key: String) -> [String] {
            lines[..<end].filter { $0.hasPrefix(key + " ") }.map { String($0.dropFirst(key.count + 1)) }
        }
        let digest = values("sha256").first?.prefix { $0 != " " } ?? ""
        guard let program = values("program").first, digest.count == 64, digest.allSatisfy(\.isHexDigit),
            let help = EngineHelp(lines[end...].dropFirst().joined(separator: "\n")), help.isPanda
        else {
            throw Failure(
                .unavailable,
                "panda-system-\(architecture.rawValue) of the container image '\(image.name)' is not PANDA: it "
                    + "does not tell its version, or has no option -panda"
            )
        }
        return ImageEngine(
            program: HostPath(program),
            version: Console.printable(help.version),
            sha256: String(digest),
            hasCompleteSnapshotOption: help.hasCompleteSnapshotOption,
            windowSystem: help.windowSystem,
            plugins: values("plugin").map { String($0.dropFirst("panda_".count).dropLast(".so".count)) }
                .filter { $0 == safeFileName($0) }.sorted()
        )
    }
}
