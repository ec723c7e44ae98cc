extension Optional where Wrapped: Sendable {
    /// What an asynchronous function makes of the value; nothing where there is none.
    func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async throws -> Result? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
