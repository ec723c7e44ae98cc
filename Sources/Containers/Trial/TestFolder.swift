import Foundation
public import HostSupport

/// The private folder of a container that somebody looks around in: what it sees of its bundle.
///
/// It lasts as long as the container, which may outlive this process. Those whose containers are gone are left over.
public struct TestFolder: Sendable, Hashable {
    /// Whose container it is for.
    struct Owner: Codable, Hashable {
        /// The runtime.
        let runtime: ContainerRuntime.Kind
        /// Which of the runtime's services was used, where that can be chosen.
        let service: String
        /// The container's name.
        let container: String

        init(of runtime: ContainerRuntime.Kind, container: String, environment: [String: String]) {
            self.runtime = runtime
            self.container = container
            let variable = runtime == .docker ? "DOCKER_HOST" : "CONTAINER_HOST"
            service = environment[variable] ?? ""
        }
    }

    /// The folder.
    public let path: HostPath
    var owner: HostPath { path / "owner.json" }
    var lock: HostPath { path / "lock" }
    /// Where the bundle is rendered.
    var bundle: HostPath { path / "bundle" }
    /// Where the runtime writes the container's identifier when it has made it.
    var identifier: HostPath { path / "id" }
    /// What the container's init prints.
    var log: HostPath { path / "log" }

    private init(_ path: HostPath) {
        self.path = path
    }

    /// The folder of a container.
    init(container: String, of runtime: ContainerRuntime, home: HostPath) {
        self.init(Self.parent(in: home) / "\(runtime.kind.rawValue)-\(container)")
    }

    /// The folder that has them all.
    static func parent(in home: HostPath) -> HostPath { home / "container-tests" }

    /// Makes the folder of a container that is to be started.
    ///
    /// - Returns: The folder, and its lock, which says that this process works on it.
    /// - Throws: ``HostSupport/Failure`` where it is there already or cannot be made.
    static func make(
        for container: String,
        of runtime: ContainerRuntime,
        home: HostPath,
        environment: [String: String]
    ) throws -> (folder: TestFolder, lock: FileLock) {
        let owner = Owner(of: runtime.kind, container: container, environment: environment)
        try FileSystem.createDirectory(parent(in: home), mode: 0o700)
        let folder = TestFolder(container: container, of: runtime, home: home)
        guard try FileSystem.claimDirectory(folder.path, mode: 0o700) else {
            throw Failure(
                .cannotCreate,
                "the folder \(folder.path) is there already, of another container '\(container)'",
                hint: "choose another name, or remove what is left over with 'pandacap container prune'"
            )
        }
        let lock = try FileLock(folder.lock)
        try FileSystem.write(try JSONText.encode(owner), to: folder.owner)
        return (folder, lock)
    }

    /// The folders of a runtime whose containers are gone.
    ///
    /// - Parameters:
    ///   - runtime: The runtime.
    ///   - home: The user's folder.
    ///   - containers: The identifiers of all containers that there are.
    ///   - environment: The environment of this process.
    /// - Returns: The folders.
    static func leftOver(
        of runtime: ContainerRuntime,
        home: HostPath,
        containers: Set<String>,
        environment: [String: String]
    ) -> [TestFolder] {
        FileSystem.list(parent(in: home)).map { TestFolder(parent(in: home) / $0) }.filter { folder in
            guard let data = try? FileSystem.read(folder.owner, limit: 1 << 16),
                let owner = try? JSONText.decode(Owner.self, from: data, source: folder.owner.string)
            else {
                // It died before it had written whose the folder is, or just makes it.
                return isFree(folder)
            }
            let ours = Owner(of: runtime.kind, container: owner.container, environment: environment)
            let isThere = folder.container.map(containers.contains) ?? false
            return owner == ours && !isThere && isFree(folder)
        }
    }

    /// The container's identifier; nothing where it was not made.
    var container: String? {
        (try? FileSystem.readText(identifier, limit: 1 << 10))?.trimmingCharacters(
            in: .whitespacesAndNewlines
        )
    }

    private static func isFree(_ folder: TestFolder) -> Bool {
        FileSystem.exists(folder.lock) && (try? FileLock(unlessHeld: folder.lock)) != nil
    }
}
