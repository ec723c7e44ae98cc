public import HostSupport

/// A login to a container by ssh.
public struct ContainerLogin: Sendable, Hashable {
    /// Where the container's ssh server is.
    public struct Server: Sendable, Hashable {
        /// An address of the container's, or one of the host's that leads there.
        public let address: String
        /// The TCP port.
        public let port: UInt16
    }

    /// How long a server may take to say who it is.
    public static let patience: Duration = .seconds(5)

    /// The container's name.
    public let name: String
    /// Where its server is.
    public let server: Server
    /// Who logs in.
    public let user: String
    /// A private key's file, beside those that `ssh` finds by itself.
    public let key: HostPath?
    /// Further options, as `ssh -o` takes them.
    public let options: [String]

    /// Plans a login.
    ///
    /// - Parameters:
    ///   - container: The container.
    ///   - runtime: Whose container it is.
    ///   - user: Who logs in.
    ///   - key: A private key's file.
    ///   - options: Further options, as `ssh -o` takes them.
    /// - Throws: ``HostSupport/Failure`` with `unavailable` where no address of this host leads to it.
    public init(
        to container: ListedContainer,
        of runtime: ContainerRuntime,
        as user: String,
        key: HostPath? = nil,
        options: [String] = []
    ) throws {
        name = container.name
        self.user = user
        self.key = key
        self.options = options
        switch container.reach(in: runtime) {
        case .addresses(let addresses):
            server = Server(address: addresses[0].address, port: 22)
        case .none(let reason):
            guard container.isRunning,
                let port = container.ports.first(where: { $0.containerPort == 22 && $0.transport == .tcp })
            else {
                throw Failure(
                    .unavailable,
                    "the container '\(container.name)' has no address: \(reason)",
                    hint: container.isRunning
                        ? "publish its port 22 (--publish 127.0.0.1:2200:22), or use 'pandacap container shell'"
                        : "'pandacap container list' lists those that run"
                )
            }
            server = Server(
                address: port.isAtAnyAddress ? "127.0.0.1" : port.hostAddress,
                port: port.hostPort
            )
        }
    }

    /// Makes sure that an ssh server answers.
    ///
    /// - Throws: ``HostSupport/Failure`` with `unavailable` where nothing does, or something else.
    public func checkServer() async throws {
        let banner = try await HostPort.banner(
            address: server.address,
            port: server.port,
            within: Self.patience
        )
        if banner?.hasPrefix("SSH-") == true { return }
        let place = "port \(server.port) of \(server.address), the container '\(name)'"
        throw Failure(
            .unavailable,
            banner == nil || banner == ""
                ? "no ssh server answers at \(place)" : "what answers at \(place), is no ssh server",
            hint: """
                an image has one if it was built with 'openssh-server' in IMAGE_EXTRA_PACKAGES and \
                DOCKER_BOOTSTRAP=bootstrap/container-ssh; 'pandacap container shell \(name)' needs none
                """
        )
    }

    /// The words of `ssh`.
    ///
    /// - Parameter command: A command to run there, word by word; a login shell where there is none.
    /// - Returns: The argument vector without the program's name.
    public func words(running command: [String] = []) -> [String] {
        var words = ["-o", "ConnectTimeout=\(Int(Self.patience.seconds))"]
        for option in options { words += ["-o", option] }
        if let key { words += ["-o", "IdentitiesOnly=yes", "-i", key.string] }
        words += ["-p", "\(server.port)", "-l", user, "--", server.address]
        // The other side's shell gets one line; each word is to stay one.
        return words + (command.isEmpty ? [] : [shellLine(command)])
    }
}
