import HostSupport

/// A shell, or another command, that is started in a running container.
public struct ContainerShell: Sendable {
    /// Which shells will do, the first that is there.
    public enum Choice: Sendable {
        /// Bash, or whatever is called `sh`.
        case any
        /// Z shell only.
        case zsh

        var names: [String] { self == .any ? ["bash", "sh"] : ["zsh"] }
    }

    /// The container.
    public let container: ListedContainer
    /// Who runs it: a user's name or number.
    public let user: String
    /// Whether it gets a terminal of its own.
    public let isTerminal: Bool

    /// Plans to start something.
    public init(in container: ListedContainer, as user: String, isTerminal: Bool) {
        self.container = container
        self.user = user
        self.isTerminal = isTerminal
    }

    /// The words of the runtime that start a command, its standard streams being ours.
    ///
    /// - Parameter command: The command's argument vector.
    /// - Returns: The argument vector without the runtime's name.
    public func words(running command: [String]) -> [String] {
        ["exec", "--interactive"] + (isTerminal ? ["--tty"] : []) + ["--user", user, container.id] + command
    }

    /// The words that start a login shell.
    ///
    /// - Parameter name: The shell's name.
    /// - Returns: The argument vector without the runtime's name.
    public func words(ofLoginShell name: String) -> [String] { words(running: [name, "-l"]) }

    /// Finds a shell in the container.
    ///
    /// - Parameters:
    ///   - choice: Which ones will do.
    ///   - runtime: Whose container it is.
    /// - Returns: Its name, which is on `PATH` in the container.
    /// - Throws: ``HostSupport/Failure`` where there is none, no such user, or where the container does not run.
    public func shell(_ choice: Choice, by runtime: ContainerRuntime) async throws -> String {
        try checkRunning()
        let question = #"for name do command -v "$name" >/dev/null && echo "$name" && exit; done; echo"#
        let output = try await runtime.tool.output(
            ["exec", "--user", user, container.id, "/bin/sh", "-c", question, "sh"] + choice.names
        )
        guard output.status == .exited(0) else { throw refusal(ContainerRuntime.words(of: output)) }
        let answer = output.standardOutput.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        guard choice.names.contains(answer) else {
            throw Failure(
                .unavailable,
                "there is no \(choice.names.joined(separator: " and no ")) in the container '\(container.name)'",
                hint: choice == .zsh
                    ? "name 'zsh' in IMAGE_EXTRA_PACKAGES and build the image anew, or leave out --zsh"
                    : "name a command that the container has, after '--'"
            )
        }
        return answer
    }

    /// Makes sure that the container runs.
    ///
    /// - Throws: ``HostSupport/Failure`` with `unavailable` and the container's state.
    public func checkRunning() throws {
        guard container.isRunning, container.state != "paused" else {
            throw Failure(
                .unavailable,
                "the container '\(container.name)' does not run: it is \(container.state)",
                hint: "'pandacap container list' lists those that run"
            )
        }
    }

    private func refusal(_ words: String) -> Failure {
        if words.contains("unable to find user") || words.contains("no matching entries in passwd") {
            return Failure(
                .notFound,
                "there is no user '\(user)' in the container '\(container.name)'",
                hint: "DOCKER_USER is the user that PANDAcap's images have beside root"
            )
        }
        if words.contains("/bin/sh") {
            return Failure(
                .unavailable,
                "there is no shell in the container '\(container.name)'",
                hint: "name a command that the container has, after '--'"
            )
        }
        return Failure(.system, "cannot start a shell in the container '\(container.name)': \(words)")
    }
}
