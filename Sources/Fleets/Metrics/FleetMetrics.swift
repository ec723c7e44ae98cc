import CoreMetrics
import RunRecords

/// The fleet's numbers, as swift-metrics counts them.
struct FleetMetrics: Sendable {
    private static let help = [
        "pandacap_runs_total": "Runs that were ended.",
        "pandacap_sessions_total": "Connections to guests.",
        "pandacap_recordings_total": "Recordings that are whole.",
        "pandacap_recorded_bytes_total": "Bytes of snapshots and logs.",
        "pandacap_failures_total": "Runs that failed, by the reason.",
        "pandacap_verdicts_total": "Runs that were replayed, by the verdict.",
        "pandacap_time_to_ready_seconds": "From an engine's launch until its guest was ready.",
        "pandacap_turnaround_seconds": "From the end of a recording until the slot was ready again.",
        "pandacap_slots": "Slots, by what they are doing.",
        "pandacap_verification_pending": "Runs that wait to be replayed.",
        "pandacap_verification_lag_seconds": "For how long the first of them has waited.",
        "pandacap_free_bytes": "Free room on the collection's file system.",
        "pandacap_breaker_open": "1 while no guest is started since none became ready.",
        "pandacap_resident_memory_bytes": "Resident memory of the fleet's own process.",
    ]

    let registry: PrometheusRegistry
    private let fleet: String

    private let runCounter: Counter
    private let sessionCounter: Counter
    private let recordingCounter: Counter
    private let byteCounter: Counter
    private let timeToReady: Recorder
    private let turnaround: Recorder

    /// Counts for the fleet of a name.
    init(fleet: String) {
        self.fleet = fleet
        let registry = PrometheusRegistry(help: Self.help)
        self.registry = registry
        func counter(_ name: String) -> Counter {
            Counter(label: name, dimensions: [("fleet", fleet)], factory: registry)
        }
        func histogram(_ name: String) -> Recorder {
            Recorder(label: name, dimensions: [("fleet", fleet)], aggregate: true, factory: registry)
        }
        runCounter = counter("pandacap_runs_total")
        sessionCounter = counter("pandacap_sessions_total")
        recordingCounter = counter("pandacap_recordings_total")
        byteCounter = counter("pandacap_recorded_bytes_total")
        timeToReady = histogram("pandacap_time_to_ready_seconds")
        turnaround = histogram("pandacap_turnaround_seconds")
    }

    /// A guest became ready.
    func ready(after seconds: Double) { timeToReady.record(seconds) }

    /// A slot was ready again after a recording.
    func readyAgain(after seconds: Double) { turnaround.record(seconds) }

    /// A run was ended.
    func ended(sessions: Int, recordings: Int, bytes: UInt64) {
        runCounter.increment()
        sessionCounter.increment(by: sessions)
        recordingCounter.increment(by: recordings)
        byteCounter.increment(by: Int64(clamping: bytes))
    }

    /// A run failed.
    func failed(_ reason: String) { counter("pandacap_failures_total", ("reason", reason)).increment() }

    /// A run was replayed.
    func replayed(_ state: RunState) {
        counter("pandacap_verdicts_total", ("verdict", state.rawValue)).increment()
    }

    /// Takes over what is as it is now.
    func show(_ status: FleetStatus) {
        for state in FleetStatus.SlotState.allCases {
            let count = status.slots.count { $0.state == state }
            meter("pandacap_slots", ("state", state.rawValue)).set(count)
        }
        meter("pandacap_verification_pending").set(status.verification.pending)
        meter("pandacap_verification_lag_seconds").set(status.verification.lag)
        meter("pandacap_breaker_open").set(status.breakerOpenUntil == nil ? 0 : 1)
        meter("pandacap_resident_memory_bytes").set(Double(status.usage.memory))
        if let free = status.freeBytes { meter("pandacap_free_bytes").set(Double(free)) }
    }

    private func counter(_ name: String, _ label: (String, String)) -> Counter {
        Counter(label: name, dimensions: [("fleet", fleet), label], factory: registry)
    }

    private func meter(_ name: String, _ label: (String, String)? = nil) -> Meter {
        Meter(label: name, dimensions: [("fleet", fleet)] + [label].compactMap { $0 }, factory: registry)
    }
}
