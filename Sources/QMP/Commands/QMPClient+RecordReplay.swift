extension QMPClient {
    private struct FileArguments: Encodable {
        let fileName: String

        enum CodingKeys: String, CodingKey {
            case fileName = "file_name"
        }
    }

    /// Asks PANDA to begin a recording.
    ///
    /// On the wire: `begin_record {"file_name": fileName}`. PANDA only takes note of the request: it writes
    /// `fileName-rr-snp` and `fileName-rr-nondet.log` soon after the reply, and no event tells. While it
    /// records, a second request is ignored without an error.
    ///
    /// - Parameters:
    ///   - fileName: The start of the files' names, absolute or relative to PANDA's working folder. The
    ///     folder must exist: PANDA 2.9.1 crashes if it does not.
    ///   - timeout: How long to wait for the reply.
    /// - Throws: ``QMPError``; it has the code ``QMPError/Code/commandNotFound`` if the emulator is not PANDA.
    public func beginRecord(fileName: String, timeout: Duration = defaultTimeout) async throws {
        try await explainingStockQEMU {
            try await execute("begin_record", arguments: FileArguments(fileName: fileName), timeout: timeout)
        }
    }

    /// Asks PANDA to end the recording.
    ///
    /// On the wire: `end_record`. The guest goes on afterwards; if nothing was being recorded, PANDA 2.9.1
    /// leaves it paused and ``cont(timeout:)`` is needed.
    public func endRecord(timeout: Duration = defaultTimeout) async throws {
        try await explainingStockQEMU { try await execute("end_record", timeout: timeout) }
    }

    /// Asks PANDA to begin a replay.
    ///
    /// On the wire: `begin_replay {"file_name": fileName}`. PANDA only takes note of the request.
    ///
    /// - Parameters:
    ///   - fileName: The start of the files' names, as given to ``beginRecord(fileName:timeout:)``.
    ///   - timeout: How long to wait for the reply.
    /// - Throws: ``QMPError``; it has the code ``QMPError/Code/commandNotFound`` if the emulator is not PANDA.
    public func beginReplay(fileName: String, timeout: Duration = defaultTimeout) async throws {
        try await explainingStockQEMU {
            try await execute("begin_replay", arguments: FileArguments(fileName: fileName), timeout: timeout)
        }
    }

    /// Asks PANDA to end the replay.
    ///
    /// On the wire: `end_replay`.
    public func endReplay(timeout: Duration = defaultTimeout) async throws {
        try await explainingStockQEMU { try await execute("end_replay", timeout: timeout) }
    }
}
