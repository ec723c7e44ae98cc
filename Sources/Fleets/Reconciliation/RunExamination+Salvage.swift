import Foundation
import HostSupport
import Replays
import RunRecords
import Traces

extension RunExamination {
    /// Makes recordings that replay of those that were not ended, where that was not done before.
    func salvage(_ record: RunRecord, _ outcome: inout Outcome) async throws -> RunRecord {
        let salvaged = Set(record.recordings.compactMap { $0.salvaged?.from })
        let cut = record.recordings.filter { recording in
            recording.structure == .notEnded && !salvaged.contains(recording.name)
                && !record.warnings.contains { $0.hasPrefix(Self.lost(recording)) }
        }
        guard !cut.isEmpty else { return record }
        let lock = isPlan ? nil : try FileLock(unlessHeld: folder.lock)
        defer { withExtendedLifetime(lock) {} }
        for recording in cut {
            do {
                guard let note = try await salvage(recording, of: record) else { continue }
                outcome.note(.salvaged, note)
            } catch let failure as Failure where failure.code == .badData {
                outcome.note(.lost, failure.message)
                // So that nobody tries again at each start.
                if !isPlan { try remember(Self.lost(recording) + failure.message) }
            }
        }
        return try RunRecord.read(from: folder)
    }

    private static func lost(_ recording: Recording) -> String {
        "the recording '\(recording.name)' is lost: "
    }

    private func remember(_ warning: String) throws {
        var record = try RunRecord.read(from: folder)
        record.warnings.append(warning)
        try record.write(to: folder)
    }

    private func salvage(_ recording: Recording, of record: RunRecord) async throws -> String? {
        let files = RecordingFiles(prefix: folder.recording(recording.name).string)
        let item = TraceSource.Item(files: files, recording: recording)
        guard let plan = try SalvagePlan.make(item, in: nil, name: nil, damaged: false) else { return nil }
        let name = "'\(plan.files.name)' of '\(recording.name)'"
        if isPlan { return name }
        var prove: (@Sendable (SalvagePlan) async throws -> Verification)?
        if proves { prove = { plan in try await replay(plan, of: record) } }
        let result = try await TraceSalvager(console: reconciler.console).act(
            on: plan,
            of: TraceSource.Run(folder: folder, record: record),
            replacing: true,
            replay: prove
        )
        guard let verification = result.verification else { return name }
        return name + ": " + (verification.problem ?? "it replays")
    }

    private func replay(_ plan: SalvagePlan, of record: RunRecord) async throws -> Verification {
        let recording = try await RecordingCheck.describe(
            plan.files.name,
            in: folder.recordings,
            machine: record.machine
        )
        let planner = ReplayPlanner(engines: reconciler.engines, trustsMachine: false)
        let replay = try await planner.plan(
            recording,
            of: record,
            in: folder,
            output: folder.replay,
            plugins: []
        )
        return try await Replay(plan: replay, console: reconciler.console).run()
    }
}
