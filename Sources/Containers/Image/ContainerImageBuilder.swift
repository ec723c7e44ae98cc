public import Bootstrap
import Foundation
public import HostSupport
import Synchronization

/// Builds images as plans say.
public struct ContainerImageBuilder: Sendable {
    private let runtime: ContainerRuntime
    private let cache: HostPath
    private let console: Console

    /// Creates a builder.
    public init(runtime: ContainerRuntime, cache: HostPath = Storage.cache, console: Console) {
        self.runtime = runtime
        self.cache = cache
        self.console = console
    }

    /// Builds an image.
    ///
    /// - Parameters:
    ///   - plan: What it consists of.
    ///   - bundle: What renders the plan's bundle; nothing where it has none.
    /// - Returns: The image.
    /// - Throws: ``HostSupport/Failure`` with the builder's last words, or naming the bundle's script that failed.
    public func build(_ plan: ContainerImagePlan, bundle: BundleRenderer?) async throws -> ContainerImage {
        try FileSystem.createDirectory(cache)
        let scratch = try ScratchFolder(in: cache)
        defer { scratch.remove() }
        let context = BuildContext(folder: scratch.path / "context")
        try requireRoom(for: plan, in: scratch.path)
        try FileSystem.createDirectory(context.folder, mode: 0o700)
        try await bundle?.render(.docker, as: context.folder / "bootstrap")
        try await context.write(plan)
        let output = try await run(plan, in: context.folder, log: scratch.path / "build.log")
        let built = try await runtime.read([Inspection].self, ["image", "inspect", plan.tags[0]])
        guard let image = built.first else {
            throw Failure(.internal, "the image \(plan.tags[0]) is not found after it was built")
        }
        return ContainerImage(
            tags: plan.tags,
            id: image.id,
            size: image.size,
            base: plan.base,
            packages: plan.packages,
            libraries: plan.libraries,
            omissions: plan.omissions,
            engines: plan.engines,
            layers: plan.layers.map { .init(name: $0.name, isCached: output.isCached($0)) }
        )
    }

    private struct Inspection: Decodable {
        let id: String
        let size: UInt64

        private enum CodingKeys: String, CodingKey {
            case id = "Id"
            case size = "Size"
        }
    }

    private func requireRoom(for plan: ContainerImagePlan, in folder: HostPath) throws {
        let sizes = plan.context.compactMap { $0.source.flatMap(FileSystem.size) }
        let wanted = ByteSize(bytes: sizes.reduce(64 << 20, +))
        let free = try FileSystem.freeSpace(at: folder)
        guard free >= wanted else {
            throw Failure(
                .cannotCreate,
                "the files of the image need \(wanted), and \(folder.parent) has \(free) left",
                hint: "make room there, or set PANDACAP_CACHE to a folder that has some"
            )
        }
    }

    private func run(_ plan: ContainerImagePlan, in folder: HostPath, log: HostPath) async throws
        -> BuildOutput
    {
        let command = LaunchCommand(
            executable: runtime.program,
            arguments: plan.arguments,
            // So that BuildKit, where it is the builder, writes lines and no drawing.
            environment: ["BUILDKIT_PROGRESS": "plain"],
            workingDirectory: folder
        )
        console.step("building \(plan.tags[0]) with \(runtime.kind.rawValue)")
        console.detail(shellLine([runtime.kind.rawValue] + plan.arguments))
        let begin = ContinuousClock.now
        let output = Mutex(BuildOutput())
        let console = console
        let status = try await BuildProcess(command, log: log, runtime: runtime.kind).run { data in
            output.withLock { output in
                for line in output.read(data) { console.detail(line) }
                let time = (ContinuousClock.now - begin).text
                console.progress("building: \(time), step \(output.step ?? "0"): \(output.instruction)")
            }
        }
        console.endProgress()
        guard status == .exited(0) else {
            throw Self.failure(status, saying: FileTail.lastLines(of: log, 25), of: runtime.kind)
        }
        return output.withLock { $0 }
    }

    /// What stood in the way, in the builder's words.
    static func failure(_ status: ExitStatus, saying lines: [String], of kind: ContainerRuntime.Kind)
        -> Failure
    {
        let shown = lines.map(BuildOutput.shown)
        let said = shown.map { "\n  \($0)" }.joined()
        let text = lines.joined(separator: "\n")
        if text.contains("o space left on device") {
            return Failure(
                .cannotCreate,
                "\(kind.rawValue) has no room for the image:\(said)",
                hint: "make room where it keeps images ('\(kind.rawValue) system df')"
            )
        }
        if let script = BuildOutput.failedScript(text) {
            return Failure(
                .configuration,
                "the bundle's script \(script.name) failed with status \(script.status) in the image:\(said)"
            )
        }
        return Failure(.system, "'\(kind.rawValue) build' \(status):\(said)")
    }
}
