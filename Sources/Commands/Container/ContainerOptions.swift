import ArgumentParser
import Bootstrap
import Containers
import Foundation
import HostSupport
import RunRecords

/// The container that an engine runs in.
struct ContainerOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Run the engine in a container of the image IMAGE_NAME; --engine container:IMAGE names another."
        )
    )
    var container = false

    @Option(
        help: ArgumentHelp(
            "'docker' or 'podman', as PANDACAP_CONTAINER_RUNTIME; else Docker where that answers, else Podman.",
            valueName: "program"
        )
    )
    var containerRuntime: ContainerRuntime.Kind?

    @Option(
        help: ArgumentHelp("Connect the container to this network, or to 'host'.", valueName: "network")
    )
    var containerNetwork: String?

    @Option(
        help: ArgumentHelp(
            "Who runs the engine, as the image knows him; you, or DOCKER_USER_UID where you are root.",
            valueName: "user"
        )
    )
    var containerUser: String?

    @Option(
        help: ArgumentHelp(
            "Forward a port of the container itself, FROM:TO[:SCOPE[:PROTO]], where a bundle starts a server in it.",
            valueName: "forward"
        ),
        transform: { try PortForward($0) }
    )
    var containerPort: [PortForward] = []

    @Option(
        help: ArgumentHelp(
            "Memory of the container; twice the machine's and 1G by default.",
            valueName: "size"
        )
    )
    var containerMemory: ByteSize?

    @Option(
        help: ArgumentHelp("Processes and threads in the container; 512 by default.", valueName: "number")
    )
    var containerProcesses: Int?

    @Option(
        help: ArgumentHelp(
            "How large a file may get that the engine writes; 64G by default.",
            valueName: "size"
        )
    )
    var containerFileSize: ByteSize?

    /// Whether anything but the container itself was asked for.
    private var isSpecific: Bool {
        containerRuntime != nil || containerNetwork != nil || containerUser != nil || !containerPort.isEmpty
            || containerMemory != nil || containerProcesses != nil || containerFileSize != nil
    }

    /// The options as they were given, for a process that is to have the same ones.
    var words: [String] {
        var words = container ? ["--container"] : []
        func add(_ option: String, _ value: String?) {
            if let value { words += [option, value] }
        }
        add("--container-runtime", containerRuntime?.rawValue)
        add("--container-network", containerNetwork)
        add("--container-user", containerUser)
        for port in containerPort { add("--container-port", "\(port)") }
        add("--container-memory", containerMemory.map { "\($0.bytes)" })
        add("--container-processes", containerProcesses.map { "\($0)" })
        add("--container-file-size", containerFileSize.map { "\($0.bytes)" })
        return words
    }

    /// Where the engine comes from.
    ///
    /// - Parameters:
    ///   - engine: The engine that the user may have named.
    ///   - variables: The settings of a bundle, which may say what the container's ports are.
    /// - Returns: This host, or an image.
    /// - Throws: `Failure` where options do not go together.
    func source(_ engine: EngineOptions, variables: Variables? = nil) throws -> EngineSource {
        let named = engine.imageName
        guard container || named != nil else {
            guard !isSpecific else {
                throw Failure(
                    .usage,
                    "options of a container are given, and the engine is in none",
                    hint: "add --container, or name an image with --engine container:IMAGE"
                )
            }
            return .host(try engine.finder())
        }
        guard engine.engine == nil || named != nil else {
            throw Failure(
                .usage,
                "--container runs the engine of an image, and --engine names one of this host",
                hint: "leave out one of them"
            )
        }
        let settings = try Self.settings()
        let image = named ?? settings["IMAGE_NAME"] ?? "pandacap"
        var request = try ContainerRequest(image: image, settings: settings)
        if containerNetwork == "none" {
            throw Failure(
                .usage,
                "without a network nobody reaches the guest",
                hint: "leave out --container-network"
            )
        }
        request.network = containerNetwork
        request.user = containerUser
        request.ports = containerPort
        request.limits.memory = containerMemory
        if let containerProcesses { request.limits.processes = containerProcesses }
        if let containerFileSize { request.limits.fileSize = containerFileSize }
        for (port, key) in [(UInt16(22), "VM_SSH_PORT"), (2222, "VM_SFTP_PORT")] {
            if let inner = (variables ?? settings)[key].flatMap(UInt16.init), inner > 0 {
                request.innerPorts[port] = inner
            }
        }
        return .container(request, containerRuntime)
    }

    /// The installation's settings and the environment's; those of the working folder do not count, for it may be
    /// somebody else's, and a program is run.
    static func settings() throws -> Variables {
        let installation = try Installation.locate()
        return try Variables.read(
            of: installation,
            in: installation.root,
            environment: ProcessInfo.processInfo.environment,
            settings: []
        )
    }
}

extension ContainerRequest {
    /// Asks for containers of an image, with what the settings say of all.
    init(image: String, settings: Variables) throws {
        self.init(image: image)
        if let folder = settings["PANDA_PATH"], folder.hasPrefix("/") { pandaRoot = HostPath(folder) }
        func number(_ key: String) throws -> UInt32? {
            guard let text = settings[key], !text.isEmpty else { return nil }
            guard let number = UInt32(text) else {
                throw Failure(.configuration, "\(key) is '\(text)', which is no number of a user or group")
            }
            return number
        }
        if let user = try number("DOCKER_USER_UID"), let group = try number("DOCKER_USER_GID") {
            unprivileged = ContainerUser(user: user, group: group)
        }
    }
}
