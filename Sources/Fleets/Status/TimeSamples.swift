/// The last thousand lengths of time of a kind.
struct TimeSamples {
    private static let most = 1000
    private var values: [Double] = []
    private var count = 0

    /// Takes one more, in seconds.
    mutating func add(_ seconds: Double) {
        if values.count < Self.most { values.append(seconds) } else { values[count % Self.most] = seconds }
        count += 1
    }

    /// What they come to.
    var times: FleetStatus.Times {
        let sorted = values.sorted()
        func quantile(_ share: Double) -> Double? {
            sorted.isEmpty ? nil : sorted[min(Int(Double(sorted.count) * share), sorted.count - 1)]
        }
        var times = FleetStatus.Times()
        times.count = count
        times.median = quantile(0.5)
        times.ninetieth = quantile(0.9)
        times.longest = sorted.last
        return times
    }
}
