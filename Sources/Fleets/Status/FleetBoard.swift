import Foundation
import HostSupport
import RunRecords
import Synchronization

/// What is going on in a fleet, kept up to date by all that goes on in it.
final class FleetBoard: Sendable {
    private struct State {
        var status: FleetStatus
        var ready = TimeSamples()
        var turnaround = TimeSamples()
        /// When the last recording of a slot ended.
        var visitEnds: [Int: Date] = [:]
    }

    private let state: Mutex<State>
    private let metrics: FleetMetrics

    init(_ plan: FleetPlan, version: String, metrics: FleetMetrics) {
        let slots = plan.slots.map { FleetStatus.Slot(number: $0.number) }
        state = Mutex(
            State(
                status: FleetStatus(
                    name: plan.name,
                    version: version,
                    process: ProcessIdentity.current,
                    started: Date(),
                    updated: Date(),
                    phase: .reconciling,
                    slots: slots
                )
            )
        )
        self.metrics = metrics
    }

    /// Changes what is known of the fleet as a whole.
    func update(_ change: (inout FleetStatus) -> Void) { state.withLock { change(&$0.status) } }

    /// A slot goes to another state.
    func slot(_ number: Int, is next: FleetStatus.SlotState, _ note: String? = nil) {
        state.withLock { state in
            let slot = state.status.slots[number]
            if slot.state != next { state.status.slots[number].since = Date() }
            state.status.slots[number].state = next
            state.status.slots[number].note = note
        }
    }

    /// The record of a slot's run was written.
    ///
    /// - Returns: Whether the guest has just become ready.
    func slot(_ number: Int, wrote record: RunRecord, port: UInt16) -> Bool {
        let next: FleetStatus.SlotState =
            switch record.state {
            case .planned, .starting: .starting
            case .ready: .ready
            case .recording: .recording
            case .recorded, .verified, .diverged, .failed: .ending
            }
        return state.withLock { state in
            let before = state.status.slots[number]
            guard before.state != next || before.run != record.id.description else { return false }
            state.status.slots[number].state = next
            state.status.slots[number].since = Date()
            state.status.slots[number].run = record.id.description
            state.status.slots[number].port = port
            state.status.slots[number].note = nil
            if next == .ending, let end = record.recordings.compactMap(\.ended).max() {
                state.visitEnds[number] = end
            }
            let isReady = before.state == .starting && next > .starting && next < .ending
            if isReady { becameReady(number, record, &state) }
            return isReady
        }
    }

    private func becameReady(_ number: Int, _ record: RunRecord, _ state: inout State) {
        let times = record.times
        if let ready = times[RunState.ready.rawValue], let start = times[RunState.starting.rawValue] {
            let seconds = ready.timeIntervalSince(start)
            state.ready.add(seconds)
            metrics.ready(after: seconds)
            if let end = state.visitEnds.removeValue(forKey: number) {
                state.turnaround.add(ready.timeIntervalSince(end))
                metrics.readyAgain(after: ready.timeIntervalSince(end))
            }
        }
    }

    /// A slot's run has ended.
    ///
    /// - Parameters:
    ///   - number: The slot's number.
    ///   - record: The run's record; nothing where there is none.
    ///   - problem: Why it failed; nothing where it did not.
    ///   - isDiscarded: Whether nothing is kept of it.
    func slot(
        _ number: Int,
        ended record: RunRecord?,
        problem: (name: String, text: String)?,
        isDiscarded: Bool
    ) {
        let whole = (record?.recordings ?? []).filter { $0.structure == .complete }
        let bytes = whole.flatMap { [$0.snapshot, $0.log] }.compactMap { $0?.bytes }.reduce(0, +)
        let sessions = record?.connections ?? 0
        state.withLock { state in
            state.status.totals.runs += 1
            state.status.totals.sessions += sessions
            state.status.totals.recordings += whole.count
            state.status.totals.bytes += bytes
            if isDiscarded { state.status.totals.discarded += 1 }
            state.status.slots[number].runs += 1
            state.status.slots[number].recordings += whole.count
            if let problem {
                state.status.slots[number].failures += 1
                state.status.totals.failures[problem.name, default: 0] += 1
            }
        }
        metrics.ended(sessions: sessions, recordings: whole.count, bytes: bytes)
        if let problem { metrics.failed(problem.name) }
    }

    /// A run was replayed.
    func verified(_ record: RunRecord) {
        update { status in
            switch record.state {
            case .verified: status.totals.verified += 1
            case .diverged: status.totals.diverged += 1
            default: break
            }
        }
        metrics.replayed(record.state)
    }

    /// What is going on now.
    func status(_ verification: FleetStatus.Verification) -> FleetStatus {
        let status = state.withLock { state in
            state.status.updated = Date()
            state.status.verification = verification
            state.status.timeToReady = state.ready.times
            state.status.turnaround = state.turnaround.times
            state.status.usage = .ofThisProcess
            return state.status
        }
        metrics.show(status)
        return status
    }
}

extension FleetStatus.SlotState: Comparable {
    private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// Orders states as a slot goes through them.
    public static func < (left: Self, right: Self) -> Bool { left.order < right.order }
}
