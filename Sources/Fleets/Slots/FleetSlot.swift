import Capture
import Foundation
import HostSupport
import RunRecords

/// One slot of a fleet: makes one run after the other until the fleet is drained.
struct FleetSlot: Sendable {
    /// What came of a run, as far as it decides how the slot goes on.
    private enum RunResult: Sendable {
        case kept
        case failed(String, afterReady: Bool)
    }

    let slot: FleetPlan.Slot
    let crew: FleetCrew

    private var board: FleetBoard { crew.board }
    private var number: Int { slot.number }

    /// Keeps a guest alive.
    ///
    /// - Throws: `CancellationError`.
    func run() async throws {
        defer { board.slot(number, is: .stopped) }
        try await crew.control.pause(for: .seconds(crew.plan.staggerSeconds * Double(number)))
        var backOff = BackOff(
            first: .seconds(crew.plan.pauseSeconds),
            longest: .seconds(crew.plan.longestPauseSeconds)
        )
        while !crew.control.isDraining {
            try await awaitRoom()
            guard let result = try await crew.control.withRun(of: number, { await makeRun() }) else { return }
            switch result {
            case .kept:
                backOff.succeed()
            case .failed(let text, afterReady: true):
                // A visitor who ruins one guest after the other must not make the slot wait for hours.
                backOff.succeed()
                try await pause(for: .seconds(crew.plan.pauseSeconds), text)
            case .failed(let text, afterReady: false):
                try await pause(for: backOff.fail(), text)
            }
        }
    }

    private func pause(for duration: Duration, _ text: String) async throws {
        board.slot(number, is: .waiting, text)
        try await crew.control.pause(for: duration)
    }

    /// Waits until the collection has room and guests can be started.
    private func awaitRoom() async throws {
        while !crew.control.isDraining {
            if let shortage = crew.space.shortage {
                try await pause(for: .seconds(2), shortage)
            } else if !crew.admits() {
                try await pause(for: .seconds(1), "guests of '\(crew.plan.guest.image)' do not start")
            } else {
                return
            }
        }
    }

    /// Makes one run; what goes wrong in it is no error of the fleet.
    private func makeRun() async -> RunResult {
        board.slot(number, is: .waiting, "other guests are being started")
        let permit = await crew.starts.enter()
        defer { permit.leave() }
        guard !crew.control.isDraining else {
            crew.withdraw()
            return .kept
        }
        board.slot(number, is: .starting)
        let plan: CapturePlan
        do {
            plan = try await crew.plan(for: slot)
        } catch {
            crew.withdraw()
            return fail("planning", "\(error)", nil, afterReady: false)
        }
        let folder = RunFolder(plan.folder)
        let port = plan.guest.hostPort(of: slot.forward.guestPort)
        do {
            let outcome = try await Capture(
                plan: plan,
                console: crew.console.named("slot \(number)"),
                isLive: false
            ) {
                record in
                if board.slot(number, wrote: record, port: port) {
                    permit.leave()
                    crew.becameReady(number, record, port: port)
                }
                crew.index(record, in: folder)
            }.run()
            return settle(outcome, in: folder)
        } catch {
            let record = try? RunRecord.read(from: folder)
            if let record { crew.index(record, in: folder) }
            let wasReady = record?.times[RunState.ready.rawValue] != nil
            if !wasReady { crew.didNotStart("\(error)") }
            return fail((error as? Failure)?.code.name ?? "error", "\(error)", record, afterReady: wasReady)
        }
    }

    private func settle(_ outcome: Capture.Outcome, in folder: RunFolder) -> RunResult {
        let record = outcome.record
        guard record.state != .recorded else {
            board.slot(number, ended: record, problem: nil, isDiscarded: false)
            crew.say("slot \(number): \(record.recordings.count) recorded, run \(record.id)")
            crew.verify(record, in: folder)
            return .kept
        }
        // Nobody came: there is nothing to be kept of it.
        if outcome.ending.isRequested, record.recordings.isEmpty, record.connections ?? 0 == 0 {
            crew.discard(record, folder)
            board.slot(number, ended: record, problem: nil, isDiscarded: true)
            if record.times[RunState.ready.rawValue] == nil { crew.withdraw() }
            return .kept
        }
        let wasReady = record.times[RunState.ready.rawValue] != nil
        let reason = record.reason ?? outcome.ending.name
        if !wasReady { crew.didNotStart(reason) }
        return fail(outcome.ending.name, reason, record, afterReady: wasReady)
    }

    private func fail(_ name: String, _ text: String, _ record: RunRecord?, afterReady: Bool) -> RunResult {
        board.slot(number, ended: record, problem: (name, text), isDiscarded: false)
        let line = text.firstLine ?? text
        crew.warn("slot \(number): \(record.map { "run \($0.id) failed: " } ?? "")\(line)")
        return .failed(line, afterReady: afterReady)
    }
}

extension CaptureEnding {
    /// Whether the run was ended since nobody came, or since the fleet is drained.
    fileprivate var isRequested: Bool {
        switch self {
        case .noVisitor, .interrupted: true
        default: false
        }
    }
}
