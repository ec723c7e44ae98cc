public import Bootstrap
import Foundation
public import HostSupport

/// A container that somebody starts to look around in an image.
///
/// Its init runs in the background, and a shell in it is another process: so it is known whether the init, and with it
/// the bundle, came through, and leaving the shell does not depend on what the init does then.
public struct TestContainer: Sendable {
    /// The container's name, which is also what it calls itself.
    public let name: String
    /// The image.
    public let image: String
    /// The network; the runtime's own choice where none is named.
    public let network: String?
    /// Where the container looks for its bundle.
    public let bundleTarget: HostPath

    /// Plans a container.
    ///
    /// - Parameters:
    ///   - name: Its name; one is made up where there is none.
    ///   - image: The image.
    ///   - network: The network; the runtime's own choice where none is named.
    ///   - pandaPath: Where PANDA lies in the image.
    /// - Throws: ``HostSupport/Failure`` with `usage` where the name is none.
    public init(name: String?, image: String, network: String? = nil, pandaPath: HostPath) throws {
        let random = String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16)
        self.name = name ?? "pandacap-test-\(random)"
        self.image = image
        self.network = network
        bundleTarget = pandaPath / "share/bootstrap"
        guard ContainerRuntime.isContainerName(self.name), (2...63).contains(self.name.utf8.count) else {
            throw Failure(
                .usage,
                "'\(self.name)' is no name for a container",
                hint: "use 2 to 63 of A-Z a-z 0-9 _ . -, beginning with a letter or a digit"
            )
        }
    }

    /// What the container's init prints when it is through.
    var readyLine: String { "pandacap: the container \(name) is ready" }

    /// The words that start it.
    ///
    /// - Parameters:
    ///   - bundle: A rendered bundle's side for containers.
    ///   - identifier: The file that the container's identifier is written to.
    /// - Returns: The argument vector without the runtime's name.
    func words(bundle: HostPath?, identifier: HostPath) -> [String] {
        var words = ["run", "--detach", "--pull", "never", "--name", name, "--hostname", name]
        words += ["--cidfile", identifier.string]
        words += ["--label", "\(ContainerLabel.kind)=\(ContainerLabel.Kind.test.rawValue)"]
        if let network { words += ["--network", network] }
        if let bundle {
            words += ["--mount", ContainerMount(bundle, at: bundleTarget, isReadOnly: true).option]
        }
        // Sleeping does not depend on what the init does without a command; it ends at the first SIGTERM.
        let waiting = #"echo "$1" && exec sleep 2147483647"#
        return words + [image, "/sbin/my_init", "--", "/bin/sh", "-c", waiting, "sh", readyLine]
    }

    /// The words that start it with what is in its private folder.
    func words(in folder: TestFolder, hasBundle: Bool) -> [String] {
        words(
            bundle: hasBundle ? folder.bundle / BootstrapBundle.Side.docker.rawValue : nil,
            identifier: folder.identifier
        )
    }

    /// The words that start it, to be shown.
    ///
    /// - Parameters:
    ///   - runtime: Which would start it.
    ///   - hasBundle: Whether it is handed a bundle.
    ///   - home: The user's folder.
    /// - Returns: The argument vector without the runtime's name.
    public func plannedWords(by runtime: ContainerRuntime, hasBundle: Bool, home: HostPath) -> [String] {
        words(in: TestFolder(container: name, of: runtime, home: home), hasBundle: hasBundle)
    }

    /// Starts the container and waits until its init is through.
    ///
    /// - Parameters:
    ///   - runtime: Which starts it.
    ///   - bundle: The bundle that it is handed.
    ///   - home: The user's folder, in which the container's private one is made.
    ///   - environment: The environment of this process.
    ///   - console: What the init prints goes there.
    /// - Returns: What runs.
    /// - Throws: ``HostSupport/Failure`` where the image is not there, the name is taken, or the init or the bundle
    ///   fails. Nothing is left then.
    public func start(
        by runtime: ContainerRuntime,
        bundle: BundleRenderer?,
        home: HostPath,
        environment: [String: String],
        console: Console
    ) async throws -> RunningTest {
        try await check(runtime)
        for folder in TestFolder.leftOver(
            of: runtime,
            home: home,
            containers: Set(try await runtime.containers(["--all"]).map(\.id)),
            environment: environment
        ) { try FileSystem.remove(folder.path) }
        let (folder, lock) = try TestFolder.make(
            for: name,
            of: runtime,
            home: home,
            environment: environment
        )
        let test = RunningTest(name: name, runtime: runtime, folder: folder, lock: lock)
        do {
            if let bundle { try await bundle.render(into: folder.bundle, runID: name) }
            try await run(words(in: folder, hasBundle: bundle != nil), by: runtime)
            try await waitUntilReady(test, console)
            return test
        } catch {
            await test.end()
            throw error
        }
    }

    /// What a person should hear before the runtime says it in its own way.
    private func check(_ runtime: ContainerRuntime) async throws {
        guard try await runtime.image(named: image) != nil else {
            throw Failure(
                .notFound,
                "there is no image '\(image)'",
                hint: "'pandacap container build' (make) builds one, 'pandacap container images' lists them"
            )
        }
        let taken = try await runtime.containers(["--all", "--filter", "name=^/?\(name)$"]).first {
            $0.name == name
        }
        if let taken {
            throw Failure(
                .cannotCreate,
                "the name '\(name)' is taken by a container of '\(taken.image)', which is \(taken.state)",
                hint:
                    "choose another name, or end that one with '\(runtime.kind.rawValue) rm --force \(name)'"
            )
        }
    }

    private func run(_ words: [String], by runtime: ContainerRuntime) async throws {
        let output = try await runtime.tool.output(words)
        guard output.status != .exited(0) else { return }
        let said = ContainerRuntime.words(of: output)
        var hint: String?
        if said.contains("/sbin/my_init") { hint = "it has no init, so it is none of PANDAcap's images" }
        if said.contains("network"), let network, said.contains(network) {
            hint = "'\(runtime.kind.rawValue) network create \(network)' makes a network"
        }
        throw Failure(.system, "cannot start a container of the image '\(image)': \(said)", hint: hint)
    }

    private func waitUntilReady(_ test: RunningTest, _ console: Console) async throws {
        let follow = LaunchCommand(
            executable: test.runtime.program,
            arguments: ["logs", "--follow", name],
            workingDirectory: test.folder.path
        )
        let (isReady, _) = try await ChildProcess.run(follow, log: test.folder.log) { child in
            var tail = FileTail(test.folder.log)
            var lines = LineBuffer()
            while true {
                let status = child.status
                let new = lines.lines(of: tail.next())
                for line in new where line != readyLine { console.step(line) }
                if new.contains(readyLine) { return true }
                if status != nil, new.isEmpty { return false }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        guard !isReady else { return }
        let container = try await test.runtime.container(named: name)
        let last = FileTail.lastLines(of: test.folder.log, 1).first
        throw Failure(
            .system,
            "the container '\(name)' ended with status \(container.exitStatus ?? -1) before its init was through"
                + (last.map { ": \($0)" } ?? ""),
            hint: "its bundle or another script of the init failed; --bootstrap names another bundle"
        )
    }
}

/// A container that was started to look around in.
public struct RunningTest: Sendable {
    /// Its name.
    public let name: String
    let runtime: ContainerRuntime
    let folder: TestFolder
    let lock: FileLock

    /// Ends the container and removes all that is its own; nothing happens where it is gone.
    public func end() async {
        // Also when this task was cancelled, which would keep the runtime's program from being waited for.
        _ = await Task.detached { [self] in
            // Not by its name, which another may have got. Where it cannot be removed, its folder stays with it, and
            // both are left to be pruned.
            if let container = folder.container {
                // Podman lets processes that do not heed SIGTERM have ten seconds otherwise, Docker none.
                let patience = runtime.kind == .podman ? ["--time", "1"] : []
                let output = try? await runtime.tool.output(
                    ["rm", "--force", "--volumes"] + patience + [container]
                )
                let words = output?.standardError.lowercased() ?? ""
                guard output?.status == .exited(0) || words.contains("no such container") else { return }
            }
            try? FileSystem.remove(folder.path)
        }.value
    }
}

/// Cuts what arrives into lines.
private struct LineBuffer {
    private var rest = Data()

    /// The lines that are complete with these bytes.
    mutating func lines(of bytes: Data) -> [String] {
        rest += bytes
        var parts = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        rest = Data(parts.popLast() ?? Data())
        return parts.map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .controlCharacters) }
    }
}
