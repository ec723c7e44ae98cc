import ArgumentParser
import Foundation
import HostSupport
import Replays
import RunRecords
import Traces

struct TraceCheckCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look at a trace from end to end: its structure, its digests, and whether its files fit",
        discussion: """
            Both files of each recording are read to their ends, and held against each other and against run.json. \
            All that is found is listed. --replay adds the verdict of the engine, which is the only proof that a \
            recording replays. Nothing is changed.

            Exits with 65 where a file is damaged or a log was not ended, and with 80 where a replay departs from \
            the log, or two replays do not come to the same.

            Examples:
              $ pandacap trace check RUN-ID
              $ pandacap trace check traces/runs/RUN-ID --replay --repeat 2
              $ pandacap trace check old/session_000 --json
            """
    )

    @OptionGroup var trace: TraceOptions

    @Flag(help: "Replay each recording that is sound so far.")
    var replay = false

    @Option(name: .customLong("repeat"), help: "Replay it that often; all verdicts must be the same.")
    var repetitions = 1

    @OptionGroup(title: "Replay options") var machine: TraceReplayOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard repetitions >= 1 else { throw ValidationError("--repeat takes a number from 1 on") }
        guard replay || repetitions == 1 else { throw ValidationError("--repeat goes with --replay") }
    }

    func execute(_ console: Console) async throws -> Int32 {
        try await trace.withSource(console) { source in try await check(source, console) }
    }

    private func check(_ source: TraceSource, _ console: Console) async throws -> Int32 {
        Interrupts.take()
        var results: [CheckReport.Result] = []
        for item in source.items {
            let start = ContinuousClock.now
            let recorded = item.recording.flatMap { recording in
                source.run.map { (recording, $0.record.machine) }
            }
            let examination = try await withProgress("checking \(item.name)", console) {
                try await TraceExamination.run(item.files, recorded: recorded)
            }
            let seconds = (ContinuousClock.now - start).seconds
            let replays = examination.check.isSound ? try await replays(of: item, source.run, console) : []
            results.append(
                .init(item.files.prefix, examination, seconds: seconds, replays: replays, isAsked: replay)
            )
            if replays.contains(where: { $0.verdict == .stopped }) { break }
        }
        let report = CheckReport(recordings: results)
        try print(report)
        return report.exitCode
    }

    private func replays(
        of item: TraceSource.Item,
        _ run: TraceSource.Run?,
        _ console: Console
    ) async throws -> [Verification] {
        guard replay else { return [] }
        let scratch = try ScratchFolder(in: HostPath(NSTemporaryDirectory()))
        defer { scratch.remove() }
        let replayer = try machine.replayer(output: scratch.path, console)
        var verdicts: [Verification] = []
        for _ in 0..<repetitions {
            let verification = try await replayer(item.files, run)
            verdicts.append(verification)
            if verification.verdict == .stopped { break }
        }
        return verdicts
    }

    /// Shows that something takes long only where it does.
    private func withProgress<Result: Sendable>(
        _ text: String,
        _ console: Console,
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let start = ContinuousClock.now
        let ticking = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: .milliseconds(500))
                console.progress("\(text): \((ContinuousClock.now - start).text)")
            }
        }
        defer {
            ticking.cancel()
            console.endProgress()
        }
        return try await Interrupts.cancelling(body)
    }
}
