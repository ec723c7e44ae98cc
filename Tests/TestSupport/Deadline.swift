import HostSupport

/// Runs `body` and gives up when the time is over.
///
/// - Parameters:
///   - limit: How long `body` may take.
///   - message: What to say when it takes longer; the limit is appended.
///   - hint: What to do about it.
///   - body: What to run; it is cancelled when the time is over.
/// - Returns: What `body` returned.
/// - Throws: What `body` throws, or `Failure` with the code `timeout`.
public func withDeadline<Result: Sendable>(
    _ limit: Duration,
    _ message: @autoclosure () -> String,
    hint: String? = nil,
    body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    let winner = try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        return try await group.next() ?? nil
    }
    guard let winner else {
        throw Failure(.timeout, "\(message()) within \(limit.text)", hint: hint)
    }
    return winner
}
