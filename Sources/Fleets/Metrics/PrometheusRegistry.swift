import CoreMetrics
import Synchronization

/// Keeps what swift-metrics is told, and writes it as Prometheus reads it: version 0.0.4 of its text format
/// (prometheus.io/docs/instrumenting/exposition_formats).
final class PrometheusRegistry: MetricsFactory {
    /// What tells one series from another.
    fileprivate struct Series: Hashable, Comparable {
        let name: String
        let labels: String

        static func < (left: Series, right: Series) -> Bool {
            (left.name, left.labels) < (right.name, right.labels)
        }
    }

    /// The upper bounds of a histogram's buckets, in seconds.
    private static let bounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800]

    private enum Value {
        case counter(Double)
        case gauge(Double)
        case histogram(buckets: [Int], count: Int, sum: Double)

        var type: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    private let values = Mutex<[Series: Value]>([:])
    private let help: [String: String]

    /// Creates a registry.
    ///
    /// - Parameter help: What the series are, by their names.
    init(help: [String: String]) {
        self.help = help
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        Handler(registry: self, series: series(label, dimensions, .counter(0)))
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        Handler(registry: self, series: series(label, dimensions, .gauge(0)))
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        let empty = Value.histogram(buckets: Self.bounds.map { _ in 0 }, count: 0, sum: 0)
        return Handler(registry: self, series: series(label, dimensions, empty))
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let empty = Value.histogram(buckets: Self.bounds.map { _ in 0 }, count: 0, sum: 0)
        return Handler(registry: self, series: series(label, dimensions, empty))
    }

    func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
    func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
    func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
    func destroyTimer(_ handler: any TimerHandler) { forget(handler) }

    private func forget(_ handler: Any) {
        guard let handler = handler as? Handler else { return }
        values.withLock { $0[handler.series] = nil }
    }

    private func series(_ name: String, _ labels: [(String, String)], _ empty: Value) -> Series {
        let text = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        let series = Series(name: name, labels: text)
        values.withLock { if $0[series] == nil { $0[series] = empty } }
        return series
    }

    /// Every series with its value.
    var text: String {
        let all = values.withLock { $0 }.sorted { $0.key < $1.key }
        var lines: [String] = []
        var last = ""
        for (series, value) in all {
            if series.name != last {
                if let help = help[series.name] { lines.append("# HELP \(series.name) \(help)") }
                lines.append("# TYPE \(series.name) \(value.type)")
                last = series.name
            }
            lines += Self.lines(series, value)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(_ series: Series, _ value: Value) -> [String] {
        func line(_ suffix: String, _ further: String?, _ value: String) -> String {
            let labels = [series.labels, further ?? ""].filter { !$0.isEmpty }.joined(separator: ",")
            return series.name + suffix + (labels.isEmpty ? "" : "{\(labels)}") + " " + value
        }
        switch value {
        case .counter(let number), .gauge(let number): return [line("", nil, text(number))]
        case .histogram(let buckets, let count, let sum):
            let counted = zip(bounds, buckets).map { line("_bucket", "le=\"\(text($0))\"", "\($1)") }
            return counted + [
                line("_bucket", "le=\"+Inf\"", "\(count)"), line("_sum", nil, text(sum)),
                line("_count", nil, "\(count)"),
            ]
        }
    }

    private static func text(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)"
    }

    private static func escaped(_ label: String) -> String {
        var text = ""
        for scalar in label.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    fileprivate func add(_ number: Double, to series: Series) {
        values.withLock { values in
            guard case .counter(let before) = values[series] else { return }
            values[series] = .counter(before + number)
        }
    }

    fileprivate func set(_ series: Series, to number: Double) {
        values.withLock { $0[series] = .gauge(number) }
    }

    fileprivate func change(_ series: Series, by number: Double) {
        values.withLock { values in
            guard case .gauge(let before) = values[series] else { return }
            values[series] = .gauge(before + number)
        }
    }

    fileprivate func observe(_ number: Double, in series: Series) {
        values.withLock { values in
            guard case .histogram(let buckets, let count, let sum) = values[series] else { return }
            let counted = zip(Self.bounds, buckets).map { number <= $0 ? $1 + 1 : $1 }
            values[series] = .histogram(buckets: counted, count: count + 1, sum: sum + number)
        }
    }

    fileprivate func reset(_ series: Series) {
        values.withLock { values in
            if case .counter = values[series] { values[series] = .counter(0) }
        }
    }

    /// One series, as swift-metrics knows it.
    private final class Handler: CounterHandler, MeterHandler, RecorderHandler, TimerHandler {
        private let registry: PrometheusRegistry
        let series: Series

        init(registry: PrometheusRegistry, series: Series) {
            self.registry = registry
            self.series = series
        }

        func increment(by amount: Int64) { registry.add(Double(amount), to: series) }
        func reset() { registry.reset(series) }
        func set(_ value: Int64) { registry.set(series, to: Double(value)) }
        func set(_ value: Double) { registry.set(series, to: value) }
        func increment(by amount: Double) { registry.change(series, by: amount) }
        func decrement(by amount: Double) { registry.change(series, by: -amount) }
        func record(_ value: Int64) { registry.observe(Double(value), in: series) }
        func record(_ value: Double) { registry.observe(value, in: series) }
        func recordNanoseconds(_ duration: Int64) { registry.observe(Double(duration) / 1e9, in: series) }
    }
}
