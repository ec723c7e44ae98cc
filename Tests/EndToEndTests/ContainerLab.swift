import Foundation
import HostSupport
import Testing

/// The real Docker and the real Podman, each with a storage of its own, started once for all tests.
///
/// A Docker daemon that answers already is used as it is: a second one would take its network away. So is Podman where
/// `CONTAINERS_CONF` is set.
actor ContainerLab {
    static let shared = ContainerLab()

    private var daemon: Task<[String: String], any Error>?

    /// The environment in which `docker` reaches a daemon, and in which `pandacap` uses it.
    func docker() async throws -> [String: String] {
        let task = daemon ?? Task { try await Self.startDocker() }
        daemon = task
        return try await task.value
    }

    /// The environment in which `podman` works in this host's containers' rules, and in which `pandacap` uses it.
    func podman() throws -> [String: String] {
        var environment = ["PANDACAP_CONTAINER_RUNTIME": "podman"]
        guard ProcessInfo.processInfo.environment["CONTAINERS_CONF"] == nil else { return environment }
        let folder = try Self.folder("podman")
        // No limit may be raised here, and crun does not take a host with two versions of control groups.
        let settings = """
            [containers]
            default_ulimits = ["nofile=20000:20000", "nproc=30000:30000"]
            [engine]
            runtime = "runc"
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            [network]
            network_backend = "netavark"

            """
        try FileSystem.write(settings, to: folder / "containers.conf")
        try FileSystem.write(
            """
            [storage]
            driver = "overlay"
            graphroot = "\(folder / "root")"
            runroot = "\(folder / "run")"

            """,
            to: folder / "storage.conf"
        )
        environment["CONTAINERS_CONF"] = (folder / "containers.conf").string
        environment["CONTAINERS_STORAGE_CONF"] = (folder / "storage.conf").string
        return environment
    }

    private static func folder(_ name: String) throws -> HostPath {
        let folder = try Installation.locate().root / ".build/lab/\(name)"
        try FileSystem.createDirectory(folder)
        return folder
    }

    private static func startDocker() async throws -> [String: String] {
        var environment = ["PANDACAP_CONTAINER_RUNTIME": "docker"]
        let given = try await Tool("docker", package: "docker.io").output(["info"])
        if given.status == .exited(0) { return environment }
        let folder = try folder("docker")
        let sockets = HostPath("/run/pandacap-lab-\(ProcessIdentity.current)")
        try FileSystem.createDirectory(sockets, mode: 0o700)
        let socket = "unix://\(sockets)/docker.sock"
        environment["DOCKER_HOST"] = socket
        let command = LaunchCommand(
            executable: try Installation.locate().root / ".build/launcher/panda-guard",
            arguments: [
                "--lifeline", "\(ProcessIdentity.current)",
                try Tool("dockerd", package: "docker.io").located().string, "--host", socket,
                "--data-root", (folder / "root").string, "--exec-root", (sockets / "exec").string,
                "--pidfile", (sockets / "dockerd.pid").string,
            ],
            workingDirectory: folder
        )
        // It ends with this process, whose tests all share it.
        Task.detached {
            try await ChildProcess.run(command, log: folder / "dockerd.log") { daemon in
                _ = try await daemon.exit()
            }
        }
        let settings = environment
        let answered = try await poll(for: .seconds(60), every: .milliseconds(200)) { () -> Bool? in
            let answer = try await Tool("docker").output(["info"], environment: settings)
            return answer.status == .exited(0) ? true : nil
        }
        guard answered != nil else {
            throw Failure(.unavailable, "dockerd does not start; \(folder / "dockerd.log") has its words")
        }
        return environment
    }
}

/// The runtimes that each test of containers is made with.
enum TestedRuntime: String, CaseIterable, CustomTestStringConvertible {
    case docker
    case podman

    var testDescription: String { rawValue }

    /// The environment in which `pandacap` and the runtime's own program use it.
    var environment: [String: String] {
        get async throws {
            switch self {
            case .docker: try await ContainerLab.shared.docker()
            case .podman: try await ContainerLab.shared.podman()
            }
        }
    }

    /// Runs the runtime's own program and expects it to succeed.
    @discardableResult
    func callAsFunction(_ arguments: String...) async throws -> String {
        try await Tool(rawValue).run(arguments, environment: try await environment)
    }
}
