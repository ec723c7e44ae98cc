/// What to start: a program with its argument vector, environment and folder.
public struct LaunchCommand: Sendable, Hashable, Codable {
    /// The program.
    public var executable: HostPath
    /// The arguments, without the program's name.
    public var arguments: [String]
    /// Variables to set over those of this process.
    public var environment: [String: String]
    /// Where it starts.
    public var workingDirectory: HostPath

    /// Describes what to start.
    public init(
        executable: HostPath,
        arguments: [String],
        environment: [String: String] = [:],
        workingDirectory: HostPath
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }

    /// The command as lines for a shell, so that a person can repeat it by hand.
    public var shellText: String {
        let settings = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\(shellQuoted($0.value))" }
        return "cd \(shellQuoted(workingDirectory.string)) && "
            + (settings + [shellLine([executable.string] + arguments)]).joined(separator: " ")
    }
}
