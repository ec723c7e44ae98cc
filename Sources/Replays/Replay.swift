import Containers
import Foundation
public import HostSupport
public import RunRecords

/// Acts on a plan: lets the engine replay a recording to its end, and says whether it came there.
public struct Replay: Sendable {
    /// How long an engine may print no progress before it is given up, in seconds: one per cent of a recording of
    /// a day or more takes less.
    private static let patience = Duration.seconds(600)

    private let plan: ReplayPlan
    private let console: Console
    private let report: @Sendable (Double) -> Void

    /// Prepares to act on a plan.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - console: Where progress is told.
    ///   - report: Is told how far it is, in per cent, as often as the engine tells.
    public init(
        plan: ReplayPlan,
        console: Console,
        report: @escaping @Sendable (Double) -> Void = { _ in }
    ) {
        self.plan = plan
        self.console = console
        self.report = report
    }

    /// Replays the recording.
    ///
    /// - Returns: What came of it; a divergence is a result and no error.
    /// - Throws: ``HostSupport/Failure`` where the engine cannot be started or its folder not be made.
    public func run() async throws -> Verification {
        try FileSystem.createDirectory(plan.outputFolder)
        try FileSystem.remove(plan.log)
        // A container's lifeline lies there.
        let folder = plan.container?.lifeline.parent
        let lock = try folder.map { try Storage.makeRuntimeDirectory($0.name) }
        defer {
            withExtendedLifetime(lock) {}
            if let folder { try? FileSystem.remove(folder) }
        }
        let start = ContinuousClock.now
        let (watched, status) = try await EngineProcess.run(plan.command, plan.container, log: plan.log) {
            engine in
            try await watch(engine)
        }
        console.endProgress()
        let problem = problem(watched, status)
        let verdict: Verification.Verdict =
            watched.stop != nil ? .stopped : problem == nil ? .replayed : .diverged
        return Verification(
            verdict: verdict,
            time: Date(),
            seconds: (ContinuousClock.now - start).seconds,
            instructions: plan.instructions,
            engineVersion: plan.engine.version,
            engineSHA256: plan.engine.sha256,
            problem: problem
        )
    }

    private struct Watched: Sendable {
        var output = ReplayOutput()
        /// Why we ended it before it was done.
        var stop: String?
    }

    private func watch(_ engine: ChildProcess) async throws -> Watched {
        var watched = Watched()
        var tail = FileTail(plan.log)
        var lastStep = ContinuousClock.now
        while true {
            let hasEnded = engine.status != nil
            let text = tail.next()
            if !text.isEmpty {
                let before = watched.output.percent
                watched.output.read(String(decoding: text, as: UTF8.self))
                if watched.output.percent > before { lastStep = ContinuousClock.now }
                let output = watched.output
                let left = output.remaining.map { ", \($0.text) left" } ?? ""
                console.progress("replaying \(plan.name): \(Int(output.percent)) %\(left)")
                report(output.percent)
            } else if hasEnded {
                return watched
            }
            if Interrupts.count > 0 { watched.stop = "the replay was interrupted" }
            if ContinuousClock.now - lastStep > Self.patience {
                watched.stop = "the replay stood still for \(Self.patience.text)"
            }
            if watched.stop != nil { return watched }
            if text.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        }
    }

    private func problem(_ watched: Watched, _ status: ExitStatus) -> String? {
        if let stop = watched.stop { return "\(stop) at \(Int(watched.output.percent)) %" }
        if watched.output.isComplete, status == .exited(0) { return nil }
        let end = "the engine \(status) at \(Int(watched.output.percent)) %"
        guard let said = watched.output.problem ?? FileTail.lastLines(of: plan.log, 1).first else {
            return end
        }
        return "\(end): \(Console.printable(said))"
    }
}
