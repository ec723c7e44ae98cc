import Foundation
import HostSupport
import RunRecords
import Synchronization

extension Capture {
    /// Starts the guest, holds the session, and ends the engine properly.
    func runGuest() async throws -> CaptureEnding {
        try update { if $0.state == .planned { try $0.become(.starting) } }
        let start = plan.guest.warmState == nil ? "starting" : "resuming"
        console.step("\(start) \(plan.guest.image): \(plan.guest.machine.memory), run \(plan.record.id)")
        let (ending, network) = try await RunningGuest.run(plan.guest, for: purpose, console: console) {
            guest in
            let ending = try await firstEnding(guest) { try await self.session(guest) }
            try update { $0.connections = guest.activity.connections }
            return ending
        }
        try note(network)
        return ending
    }

    /// Runs the session, and beside it everything that can end it before it is done.
    private func firstEnding(
        _ guest: RunningGuest,
        session: @escaping @Sendable () async throws -> Void
    ) async throws -> CaptureEnding {
        try await withThrowingTaskGroup(of: CaptureEnding.self) { group in
            group.addTask {
                do {
                    try await session()
                    return .finished
                } catch let failure as Failure {
                    // A guest that ends its machine cuts the session's connections first; why is known a moment later.
                    if let status = try await guest.engine.exit(within: .seconds(5)) {
                        return await self.ending(guest, status)
                    }
                    return .sessionFailed(failure)
                }
            }
            group.addTask { try await self.guardRun(guest) }
            defer { group.cancelAll() }
            guard let ending = try await group.next() else {
                throw Failure(.internal, "a run ended without an ending")
            }
            return ending
        }
    }

    /// How a run ended whose engine left by itself.
    private func ending(_ guest: RunningGuest, _ status: ExitStatus) async -> CaptureEnding {
        if await guest.isOrphaned { return .containerLost }
        let isStarting = record.withLock { $0.state } == .starting
        guard status == .exited(0) else {
            return isStarting
                ? .sessionFailed(RunningGuest.failure(of: guest.engine, plan.guest)) : .engineDied(status)
        }
        guard isStarting else { return .guestEnded }
        return .bootFailed(
            Failure(
                .guest,
                "the guest ended its machine before it was ready; its console ends with:\n"
                    + guest.consoleEnd,
                hint: "\(plan.files.console) has it all"
            )
        )
    }

    private func guardRun(_ guest: RunningGuest) async throws -> CaptureEnding {
        while true {
            if let status = guest.engine.status { return await ending(guest, status) }
            if Interrupts.count > 0 { return .interrupted }
            let free = try FileSystem.freeSpace(at: plan.files.path)
            if free < plan.reserve { return .diskNearlyFull(free: free) }
            let (open, ended) = look()
            if let failure = try await guest.networkFailure { return .sessionFailed(failure) }
            if let mark = exceededBound() { return .outOfBounds(mark) }
            if let ending = plan.stops.ending(situation(guest)) { return ending }
            try followState(isOpen: open != nil, ended: ended)
            // A fleet has many guests that wait, each for hours.
            try await Task.sleep(for: .milliseconds(open == nil ? 200 : 50))
        }
    }

    private func situation(_ guest: RunningGuest) -> StopRules.Situation {
        let (open, first, log) = watcher.withLock { watcher in
            (watcher.open?.seen, watcher.sightings.first?.seen, watcher.openLog)
        }
        func passed(_ start: ContinuousClock.Instant) -> Duration { ContinuousClock.now - start }
        return StopRules.Situation(
            recording: open.map(passed),
            sinceFirst: first.map(passed),
            sinceReady: ready.withLock { $0 }.map(passed),
            silence: guest.activity.silence,
            logBytes: plan.stops.log == nil ? 0 : log.flatMap(FileSystem.size) ?? 0
        )
    }

    /// Looks at the recordings again: since when one is open, and how many have ended.
    func look() -> (open: Date?, ended: Int) {
        watcher.withLock { watcher in
            watcher.look()
            return (watcher.openSince, watcher.endedCount)
        }
    }

    private func followState(isOpen: Bool, ended: Int) throws {
        let state = record.withLock { $0.state }
        if isOpen, state == .ready || state == .starting {
            try update { try $0.become(.recording) }
            console.step("recording")
        } else if !isOpen, state == .recording, plan.wantsMore(than: ended) {
            try update { try $0.become(.ready) }
        }
        // A command's own output shows how far it is, and must not be wiped.
        if isOpen, !isLive || plan.command.isEmpty {
            let bytes = FileSystem.list(plan.files.recordings)
                .compactMap { FileSystem.size(plan.files.recordings / $0) }
                .reduce(0, +)
            let count = plan.recordings == 0 ? "" : " of \(plan.recordings)"
            console.progress("recording \(ended + 1)\(count): \(ByteSize(bytes: bytes))")
        }
    }
}
