extension QMPClient {
    /// Asks whether the guest runs.
    ///
    /// On the wire: `query-status`.
    public func queryStatus(timeout: Duration = defaultTimeout) async throws -> MachineStatus {
        try await execute("query-status", returning: MachineStatus.self, timeout: timeout)
    }

    /// Asks for the version of the emulator, which ``version`` also tells without asking.
    ///
    /// On the wire: `query-version`.
    public func queryVersion(timeout: Duration = defaultTimeout) async throws -> QMPVersion {
        try await execute("query-version", returning: QMPVersion.self, timeout: timeout)
    }

    /// Asks for the names of all commands.
    ///
    /// On the wire: `query-commands`. An emulator that has `begin_record` is PANDA.
    public func queryCommands(timeout: Duration = defaultTimeout) async throws -> Set<String> {
        struct Command: Decodable {
            let name: String
        }
        let commands = try await execute("query-commands", returning: [Command].self, timeout: timeout)
        return Set(commands.map(\.name))
    }
}
