extension QMPClient {
    /// Says in the error that the emulator is not PANDA if it does not know one of PANDA's commands.
    func explainingStockQEMU<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as QMPError where error.code == .commandNotFound {
            throw QMPError(
                .commandNotFound,
                "the emulator (version \(quoted(String(describing: version)))) is not PANDA: \(error.message)",
                underlyingError: error.underlyingError
            )
        }
    }
}
