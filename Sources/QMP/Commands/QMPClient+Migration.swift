extension QMPClient {
    private struct MigrateArguments: Encodable {
        let uri: String
    }

    private struct SpeedArguments: Encodable {
        let value: Int64
    }

    /// Begins to send the machine's state.
    ///
    /// On the wire: `migrate {"uri": uri}`. It returns at once: ask ``queryMigrate(timeout:)``. The guest goes on
    /// meanwhile unless it was stopped.
    ///
    /// - Parameters:
    ///   - uri: Where to, such as `unix:/path/of/a/socket` that somebody listens on.
    ///   - timeout: How long to wait for the reply.
    /// - Throws: ``QMPError``, also where nobody listens there.
    public func migrate(to uri: String, timeout: Duration = defaultTimeout) async throws {
        try await execute("migrate", arguments: MigrateArguments(uri: uri), timeout: timeout)
    }

    /// Limits how fast the machine's state is sent; QEMU 2.9's own limit is 32 MiB a second.
    ///
    /// On the wire: `migrate_set_speed {"value": bytesPerSecond}`.
    public func setMigrationSpeed(bytesPerSecond: Int64, timeout: Duration = defaultTimeout) async throws {
        try await execute(
            "migrate_set_speed",
            arguments: SpeedArguments(value: bytesPerSecond),
            timeout: timeout
        )
    }

    /// Asks how far the sending is.
    ///
    /// On the wire: `query-migrate`.
    public func queryMigrate(timeout: Duration = defaultTimeout) async throws -> MigrationStatus {
        try await execute("query-migrate", returning: MigrationStatus.self, timeout: timeout)
    }
}
