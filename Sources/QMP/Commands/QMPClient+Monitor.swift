extension QMPClient {
    private struct MonitorArguments: Encodable {
        let commandLine: String

        enum CodingKeys: String, CodingKey {
            case commandLine = "command-line"
        }
    }

    /// Runs a command of the human monitor and returns what it prints.
    ///
    /// On the wire: `human-monitor-command {"command-line": commandLine}`. A command that fails says so in
    /// the text it prints and not by an error, and the text may change with the emulator's version.
    public func humanMonitorCommand(
        _ commandLine: String,
        timeout: Duration = defaultTimeout
    ) async throws -> String {
        try await execute(
            "human-monitor-command",
            arguments: MonitorArguments(commandLine: commandLine),
            returning: String.self,
            timeout: timeout
        )
    }
}
