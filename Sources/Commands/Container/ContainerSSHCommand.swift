import ArgumentParser
import Containers
import HostSupport

struct ContainerSSHCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "ssh",
        abstract: "Log in to a running container by ssh",
        discussion: """
            'ssh' is called with the container's address, whatever network that is of, or with a port of this host \
            that leads to its port 22 where it has no address of its own. Your ssh configuration, keys and \
            known_hosts hold as for any other host; as addresses are used again and each container has a host key \
            of its own, 'pandacap container forget-keys' removes what known_hosts has of former ones. The exit \
            status is that of ssh.

            Examples:
              $ pandacap container ssh NAME
              $ pandacap container ssh NAME --user panda -i run.1/id_ed25519
              $ pandacap container ssh NAME -o StrictHostKeyChecking=accept-new -- ls -l /opt/panda
            """
    )

    @Argument(help: "The container's name, its identifier, or the first digits of that.")
    var name: String

    @Option(help: "Who logs in.")
    var user = "root"

    @Option(
        name: [.customShort("i"), .customLong("identity")],
        help: ArgumentHelp("The file of the private key to log in with.", valueName: "file")
    )
    var identity: String?

    @Option(
        name: [.customShort("o"), .customLong("option")],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("An option for ssh, as its own -o takes it.", valueName: "option")
    )
    var options: [String] = []

    @Argument(parsing: .postTerminator, help: "A command that is run instead of a shell, word by word.")
    var command: [String] = []

    @OptionGroup var runtime: ContainerRuntimeOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let runtime = try await runtime.find()
        let key = identity.map { FileSystem.absolute(HostPath($0)) }
        if let key, !FileSystem.exists(key) { throw Failure(.notFound, "there is no key \(key)") }
        let login = try ContainerLogin(
            to: try await runtime.container(named: name),
            of: runtime,
            as: user,
            key: key,
            options: options
        )
        let ssh = Tool("ssh", package: "openssh-client")
        _ = try ssh.located()
        try await login.checkServer()
        let words = login.words(running: command)
        console.detail(shellLine([ssh.name] + words))
        let code = try await ssh.runAtTerminal(words).shellCode
        // What ssh itself leaves with.
        if code == 255 {
            console.step(
                "if ssh says that the host key has changed: 'pandacap container forget-keys' (make clean-ssh) "
                    + "forgets those of former containers"
            )
        }
        return code
    }
}
