import HostSupport
import Synchronization

/// How a fleet is told to end, and how that reaches every piece of work in it.
final class FleetControl: Sendable {
    /// How much of a hurry there is.
    enum Level: Int, Comparable {
        /// None: the fleet goes on.
        case running
        /// No guest is started any more; recordings are ended properly, and replayed.
        case draining
        /// What is recorded is kept, and replayed another time.
        case hurrying

        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    private struct State {
        var level = Level.running
        var runs: [Int: EndRequest] = [:]
        var replays: [Int: EndRequest] = [:]
        var replayCount = 0
    }

    private let state = Mutex(State())

    /// How much of a hurry there is.
    var level: Level { state.withLock { $0.level } }
    /// Whether no guest is to be started any more.
    var isDraining: Bool { level > .running }

    /// Asks for the end of all runs.
    func drain() { raise(to: .draining) }

    /// Asks for a quick end of all that goes on.
    func hurry() { raise(to: .hurrying) }

    /// Minds this process's signals: the first drains, a second one hurries.
    ///
    /// - Parameters:
    ///   - draining: What else is done at the first.
    ///   - hurrying: What else is done at the second.
    /// - Throws: `CancellationError`, when there is nothing left to be ended.
    func mindSignals(
        draining: () async -> Void = {},
        hurrying: () -> Void = {}
    ) async throws {
        while Interrupts.count == 0 { try await Task.sleep(for: .milliseconds(50)) }
        drain()
        await draining()
        while Interrupts.count < 2 { try await Task.sleep(for: .milliseconds(50)) }
        hurry()
        hurrying()
    }

    private func raise(to level: Level) {
        let asked = state.withLock { state -> [EndRequest] in
            guard level > state.level else { return [] }
            state.level = level
            return Array(state.runs.values) + (level == .hurrying ? Array(state.replays.values) : [])
        }
        for request in asked { request.ask() }
    }

    /// Runs `body`, which is asked for its end when the fleet is drained; nothing where it is drained already.
    func withRun<Result: Sendable>(
        of slot: Int,
        _ body: () async throws -> Result
    ) async throws -> Result? {
        let request = EndRequest()
        let isAdmitted = state.withLock { state in
            guard state.level == .running else { return false }
            state.runs[slot] = request
            return true
        }
        guard isAdmitted else { return nil }
        defer { state.withLock { $0.runs[slot] = nil } }
        return try await Interrupts.$own.withValue(request) { try await body() }
    }

    /// Runs `body`, which is asked for its end when the fleet hurries; nothing where it does already.
    func withReplay<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result? {
        let request = EndRequest()
        let number = state.withLock { state -> Int? in
            guard state.level < .hurrying else { return nil }
            state.replayCount += 1
            state.replays[state.replayCount] = request
            return state.replayCount
        }
        guard let number else { return nil }
        defer { state.withLock { $0.replays[number] = nil } }
        return try await Interrupts.$own.withValue(request) { try await body() }
    }

    /// Waits, but not for longer than the fleet goes on.
    func pause(for duration: Duration) async throws {
        let deadline = ContinuousClock.now + duration
        while !isDraining, ContinuousClock.now < deadline {
            try await Task.sleep(for: min(deadline - .now, .milliseconds(250)))
        }
    }
}
