/// Runs `body` and gives up when the time is over.
///
/// - Parameters:
///   - limit: How long `body` may take.
///   - message: What to say when it takes longer; the limit is appended.
///   - hint: What to do about it.
///   - body: What to run; it is cancelled when the time is over.
/// - Returns: What `body` returned.
/// - Throws: What `body` throws, or ``Failure`` with ``Failure/Code/timeout``.
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

/// Asks `condition` until it has an answer or the time is over.
///
/// - Parameters:
///   - limit: How long to ask.
///   - interval: The pause between two questions.
///   - condition: The question.
/// - Returns: The answer, or nothing where the time was over first.
/// - Throws: What `condition` throws, or `CancellationError`.
public func poll<Answer>(
    for limit: Duration,
    every interval: Duration = .milliseconds(50),
    until condition: () async throws -> Answer?
) async throws -> Answer? {
    let deadline = ContinuousClock.now + limit
    while true {
        if let answer = try await condition() { return answer }
        if ContinuousClock.now >= deadline { return nil }
        try await Task.sleep(for: interval)
    }
}
