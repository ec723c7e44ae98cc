extension QMPClient {
    /// Ends the emulator.
    ///
    /// On the wire: `quit`. The emulator may be gone before its reply is out, so a connection that the
    /// emulator closed counts as success. PANDA completes a recording that is under way.
    public func quit(timeout: Duration = defaultTimeout) async throws {
        do {
            try await execute("quit", timeout: timeout)
        } catch let error as QMPError where error.code == .disconnected {
            return
        }
    }

    /// Stops the guest's processors.
    ///
    /// On the wire: `stop`.
    public func stop(timeout: Duration = defaultTimeout) async throws {
        try await execute("stop", timeout: timeout)
    }

    /// Lets the guest's processors run.
    ///
    /// On the wire: `cont`.
    public func cont(timeout: Duration = defaultTimeout) async throws {
        try await execute("cont", timeout: timeout)
    }

    /// Resets the machine, as its reset button does.
    ///
    /// On the wire: `system_reset`. With `-no-reboot` the emulator ends instead.
    public func systemReset(timeout: Duration = defaultTimeout) async throws {
        try await execute("system_reset", timeout: timeout)
    }

    /// Asks the guest to shut down, as its power button does.
    ///
    /// On the wire: `system_powerdown`. It returns at once; a guest that does not heed ACPI goes on.
    public func systemPowerdown(timeout: Duration = defaultTimeout) async throws {
        try await execute("system_powerdown", timeout: timeout)
    }
}
