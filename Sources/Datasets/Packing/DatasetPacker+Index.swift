import Foundation
import HostSupport
import RunRecords

extension DatasetPacker {
    /// The index of all that the dataset has when the plan is carried out.
    func index(
        _ plan: PackingPlan,
        _ selection: TraceSelection,
        _ beginning: PackingBeginning,
        _ entries: [String: PackingJournal.Entry]
    ) throws -> DatasetIndex {
        let chosen = Dictionary(selection.traces.map { ($0.name, $0) }) { first, _ in first }
        var traces = Dictionary((beginning.earlier?.traces ?? []).map { ($0.name, $0) }) { first, _ in first }
        for planned in plan.traces {
            if let trace = chosen[planned.name], let entry = try self.trace(trace, planned, entries) {
                traces[planned.name] = entry
            }
        }
        var disks = beginning.earlier?.disks ?? []
        for (path, places) in plan.disks {
            guard let file = entries[path]?.file, let restored = file.restored else { continue }
            disks += places.map { place in
                var file = file
                file.restored = .init(name: place, bytes: restored.bytes, sha256: restored.sha256)
                return file
            }
        }
        return DatasetIndex(
            name: beginning.name,
            version: settings.version,
            created: beginning.created,
            format: beginning.format,
            isAnonymised: beginning.isAnonymised,
            traces: traces.values.sorted { $0.name < $1.name },
            disks: disks.uniqued().sorted {
                ($0.path, $0.restored?.name ?? "") < ($1.path, $1.restored?.name ?? "")
            }
        )
    }

    private func trace(
        _ trace: TraceSelection.Trace,
        _ planned: PackingPlan.Trace,
        _ entries: [String: PackingJournal.Entry]
    ) throws -> DatasetTrace? {
        func file(_ path: String?) -> DatasetFile? { path.flatMap { entries[$0]?.file } }
        guard let snapshot = file(planned.snapshot), let published = file(planned.record) else { return nil }
        let recording = trace.recording
        // Labels and tags may tell of the host and of peers as well as anything else in a record.
        let record = try PublishedRecord.published(trace.record, recording: recording.name, privacy: privacy)
        return DatasetTrace(
            name: trace.name,
            run: record.id.description,
            recording: recording.name,
            isVerified: trace.isVerified,
            started: recording.started,
            seconds: recording.started.flatMap { start in recording.ended.map { $0.timeIntervalSince(start) }
            },
            instructions: recording.instructions,
            entries: recording.entries,
            image: record.image.name,
            imageDigest: record.image.digest,
            architecture: record.machine.architecture.rawValue,
            memory: record.machine.memory.bytes,
            os: record.osProfile?.os,
            trigger: record.trigger.rawValue,
            origin: record.origin.map { "\($0.name)/\($0.number)" },
            label: record.label,
            tags: record.tags ?? [],
            peers: PublishedRecord.peers(in: trace.folder, of: trace.record, privacy: privacy),
            snapshot: snapshot,
            log: file(planned.log),
            record: published,
            packets: file(planned.packets),
            disk: file(planned.disk),
            kernelInformation: file(planned.kernelInformation),
            baseDisks: planned.baseDisks
        )
    }
}
