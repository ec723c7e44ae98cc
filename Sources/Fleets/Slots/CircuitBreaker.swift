/// Stops starting guests that do not start: an image or an engine is broken, and trying on costs much and helps nobody.
///
/// After a number of failures in a row it opens. Some time later one start is let through: it closes where that
/// succeeds, and stays open twice as long where it fails.
struct CircuitBreaker {
    /// Whether starts are let through.
    enum State: Hashable {
        /// They are.
        case closed
        /// None is, until a time.
        case open(until: ContinuousClock.Instant)
        /// One is on its way, and the others wait for what comes of it.
        case trying
    }

    private let limit: Int
    private let pause: Duration
    private let longest: Duration
    private var inRow = 0
    private var timesOpened = 0
    private(set) var state = State.closed

    init(limit: Int, pause: Duration = .seconds(30), longest: Duration = .seconds(1800)) {
        self.limit = limit
        self.pause = pause
        self.longest = longest
    }

    /// Whether a start is let through now; whoever is let through tells what came of it.
    mutating func admits(at now: ContinuousClock.Instant) -> Bool {
        switch state {
        case .closed: return true
        case .trying: return false
        case .open(let until):
            guard now >= until else { return false }
            state = .trying
            return true
        }
    }

    /// Takes note of a guest that became ready.
    mutating func succeed() {
        inRow = 0
        timesOpened = 0
        state = .closed
    }

    /// Takes note of a guest that did not.
    ///
    /// - Parameter now: The time.
    /// - Returns: Whether this opened it.
    mutating func fail(at now: ContinuousClock.Instant) -> Bool {
        inRow += 1
        guard state == .trying || (state == .closed && inRow >= limit) else { return false }
        state = .open(until: now + min(pause * (1 << min(timesOpened, 20)), longest))
        timesOpened += 1
        return true
    }

    /// Takes note of a start that was let through and given up for another reason.
    mutating func withdraw(at now: ContinuousClock.Instant) {
        if state == .trying { state = .open(until: now) }
    }
}
