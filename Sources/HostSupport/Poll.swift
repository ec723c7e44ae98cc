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
