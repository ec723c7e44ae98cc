import Glibc
import Synchronization

private let received = Atomic<Int>(0)

/// Asks one piece of work among many for its end, as a signal asks all of them.
public final class EndRequest: Sendable {
    private let asked = Atomic<Int>(0)

    /// Creates a request that was not made yet.
    public init() {}

    /// Asks: once for an orderly end, once more for a quick one.
    public func ask() { _ = asked.add(1, ordering: .relaxed) }

    /// How often was asked.
    public var count: Int { asked.load(ordering: .relaxed) }

    fileprivate func forget() { asked.store(0, ordering: .relaxed) }
}

/// SIGINT and SIGTERM, taken as messages instead of as the end of this process.
///
/// A run must be ended properly to keep what it recorded, so a signal asks for that and does nothing else.
public enum Interrupts {
    /// What a task and those that it starts mind instead of this process's signals.
    @TaskLocal public static var own: EndRequest?

    /// Takes over the two signals until they are given back.
    public static func take() {
        _ = received.load(ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in _ = received.add(1, ordering: .relaxed) }
        }
    }

    /// Gives the two signals back: the next one ends this process at once.
    public static func giveBack() {
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }

    /// Lets a write to a pipe that nobody reads fail instead of ending this process.
    ///
    /// A handler and not SIG_IGN, which the programs that we start would inherit.
    public static func survivePipes() {
        signal(SIGPIPE) { _ in }
    }

    /// Forgets the signals that have arrived: they were acted on.
    public static func forget() {
        if let own { own.forget() } else { received.store(0, ordering: .relaxed) }
    }

    /// How many signals have arrived, or how often this task was asked: the first asks for an orderly end, a second
    /// for a quick one.
    public static var count: Int { own?.count ?? received.load(ordering: .relaxed) }

    /// Takes over the two signals and runs `body`, which is cancelled when one of them arrives.
    ///
    /// - Parameter body: What to do; what it has begun is to be undone when it is cancelled.
    /// - Returns: What `body` returned.
    /// - Throws: What `body` throws; ``Failure`` with ``Failure/Code/interrupted`` where a signal arrived.
    public static func cancelling<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        take()
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                while count == 0 { try await Task.sleep(for: .milliseconds(50)) }
                return nil
            }
            defer { group.cancelAll() }
            do {
                if let result = try await group.next() ?? nil { return result }
            } catch {
                // Ctrl-C reaches the tools that were started, too: they may fail before the signal is seen here.
                throw count > 0 ? Failure(.interrupted, "interrupted") : error
            }
            group.cancelAll()
            // What cannot be undone any more was done.
            if let result = try? await group.next() ?? nil { return result }
            throw Failure(.interrupted, "interrupted")
        }
    }
}
