/// How long a slot waits after failures: twice as long after each, up to a limit.
struct BackOff {
    let first: Duration
    let longest: Duration
    private(set) var failures = 0

    init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
    }

    /// Takes note of a failure.
    ///
    /// - Parameter spread: A number from 0 to 1, by which slots that fail together part.
    /// - Returns: How long to wait: from three quarters of what the failures so far come to, to all of it.
    mutating func fail(spread: Double = Double.random(in: 0...1)) -> Duration {
        let whole = min(first * (1 << min(failures, 30)), longest)
        failures += 1
        return whole * (0.75 + 0.25 * spread)
    }

    /// Takes note of a success.
    mutating func succeed() { failures = 0 }
}
