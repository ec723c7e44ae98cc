import ArgumentParser
import Containers
import Foundation
import Glibc
import HostSupport

struct ContainerShellCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        abstract: "Start a login shell in a running container",
        discussion: """
            The shell is bash, or sh where there is no bash; it starts in the container's working folder. With words \
            behind '--' these are run instead, one command with its arguments and no shell. The exit status is that \
            of the shell or command. It gets a terminal where standard input is one.

            Examples:
              $ pandacap container shell NAME
              $ pandacap container shell NAME --user panda --zsh
              $ pandacap container shell NAME -- ls -l /opt/panda/share/rr
            """
    )

    @Argument(help: "The container's name, its identifier, or the first digits of that.")
    var name: String

    @Option(help: "Who gets the shell: a user's name or number in the container.")
    var user = "root"

    @Flag(help: "Start zsh, which the image must have: IMAGE_EXTRA_PACKAGES names it.")
    var zsh = false

    @Argument(parsing: .postTerminator, help: "A command that is run instead of a shell.")
    var command: [String] = []

    @OptionGroup var runtime: ContainerRuntimeOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if zsh, !command.isEmpty {
            throw ValidationError("--zsh and a command behind '--' exclude each other")
        }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let runtime = try await runtime.find()
        let shell = ContainerShell(
            in: try await runtime.container(named: name),
            as: user,
            isTerminal: isatty(STDIN_FILENO) == 1
        )
        try shell.checkRunning()
        let words =
            command.isEmpty
            ? shell.words(ofLoginShell: try await shell.shell(zsh ? .zsh : .any, by: runtime))
            : shell.words(running: command)
        console.detail(shellLine([runtime.kind.rawValue] + words))
        return try await runtime.tool.runAtTerminal(words).shellCode
    }
}
