import CoreMetrics
import Testing

@testable import Fleets

@Suite("A fleet's numbers")
struct NumbersTests {
    @Test("are written as Prometheus reads them")
    func text() {
        let registry = PrometheusRegistry(help: ["visits_total": "Visits."])
        let visits = Counter(label: "visits_total", dimensions: [("why", "a \"b\"\n\\")], factory: registry)
        visits.increment()
        visits.increment(by: 2)
        Meter(label: "slots", factory: registry).set(2.5)
        let times = Recorder(label: "seconds", dimensions: [], aggregate: true, factory: registry)
        for seconds in [0.05, 0.3, 4000] { times.record(seconds) }
        let lines = registry.text.split(separator: "\n").map(String.init)
        #expect(lines.first == "# TYPE seconds histogram")
        #expect(lines.contains("seconds_bucket{le=\"0.1\"} 1"))
        #expect(lines.contains("seconds_bucket{le=\"0.5\"} 2"))
        #expect(lines.contains("seconds_bucket{le=\"1800\"} 2"))
        #expect(lines.contains("seconds_bucket{le=\"+Inf\"} 3"))
        #expect(lines.contains("seconds_sum 4000.35") && lines.contains("seconds_count 3"))
        #expect(lines.contains("# TYPE slots gauge") && lines.contains("slots 2.5"))
        #expect(
            lines.contains("# HELP visits_total Visits.") && lines.contains("# TYPE visits_total counter")
        )
        #expect(lines.contains("visits_total{why=\"a \\\"b\\\"\\n\\\\\"} 3"))
    }

    @Test("a series of the same name and labels goes on where it was")
    func sameSeries() {
        let registry = PrometheusRegistry(help: [:])
        for _ in 0..<3 { Counter(label: "x", factory: registry).increment() }
        #expect(registry.text == "# TYPE x counter\nx 3\n")
    }

    @Test("the last thousand times come to a median, a ninetieth and a longest")
    func times() {
        var samples = TimeSamples()
        #expect(samples.times.median == nil)
        for number in 1...3000 { samples.add(Double(number)) }
        let times = samples.times
        #expect(
            times.count == 3000 && times.median == 2501 && times.ninetieth == 2901 && times.longest == 3000
        )
    }
}
