import Foundation
import GuestImages
import HostSupport
import RunRecords
import TraceStore

/// Finds out what has to be done to pack traces.
struct PackingPlanner {
    let name: String
    let format: DatasetIndex.Format
    let hasDisks: Bool
    let fingerprint: String?
    let earlier: DatasetIndex?
    let mostTogether: Int

    private struct Draft {
        var steps: [String: PackingPlan.Step] = [:]
        var disks: [String: [String]] = [:]
        var warnings: [String] = []
        var digests: [HostPath: String] = [:]
        var layers: [RunID: [String]] = [:]
    }

    func plan(_ selection: TraceSelection) async throws -> PackingPlan {
        var draft = Draft()
        var traces: [PackingPlan.Trace] = []
        var references = format == .store ? try await references(of: selection.traces) : [:]
        let whole = wholeFiles(selection.traces)
        // Of files that are too large together no one is packed against the other, and neither are their logs.
        references = references.filter { path, reference in
            (whole[path]?.bytes ?? 0) + (whole[reference]?.bytes ?? 0) <= UInt64(mostTogether)
        }
        let logs = logsBesideSnapshots(selection.traces)
        for trace in selection.traces {
            traces.append(try await plan(trace, selection.collection, references, logs, whole, &draft))
        }
        return PackingPlan(
            name: name,
            format: format,
            steps: draft.steps.values.sorted { $0.path < $1.path },
            traces: traces,
            disks: draft.disks,
            skipped: selection.skipped,
            warnings: draft.warnings
        )
    }

    private func plan(
        _ trace: TraceSelection.Trace,
        _ collection: HostPath,
        _ references: [String: String],
        _ logs: [String: String],
        _ whole: [String: (sha256: String, bytes: UInt64)],
        _ draft: inout Draft
    ) async throws -> PackingPlan.Trace {
        let run = safeFileName(trace.record.id.description, limit: 200)
        let (snapshot, log) = recordingPaths(trace)
        if let log {
            add(
                trace.snapshot,
                to: snapshot,
                .frame,
                trace,
                trace.recording.snapshot,
                &draft,
                references[snapshot].map { ($0, whole[$0]?.sha256 ?? "") }
            )
            // The sibling's log is the best that there is for a log, too.
            let other = references[snapshot].flatMap { logs[$0] }
            add(
                trace.log,
                to: log,
                .frame,
                trace,
                trace.recording.log,
                &draft,
                other.map { ($0, whole[$0]?.sha256 ?? "") }
            )
        } else {
            add(trace.snapshot, to: snapshot, .archive, trace, trace.recording.snapshot, &draft)
        }
        let record = "metadata/\(trace.name).json"
        draft.steps[record] = PackingPlan.Step(
            path: record,
            work: .record,
            source: trace.folder.record,
            bytes: FileSystem.size(trace.folder.record) ?? 0,
            identity: RunningDigest.text(of: try FileSystem.read(trace.folder.record), .sha256),
            sha256: nil,
            restoredName: nil,
            reference: nil,
            trace: trace.name
        )
        var packets: String?
        if FileSystem.isRegularFile(trace.folder.packets) {
            packets = "pcap/\(run).pcap"
            add(trace.folder.packets, to: packets ?? "", .packets, nil, nil, &draft)
        }
        var kernel: String?
        if FileSystem.isRegularFile(trace.folder.kernelInformation) {
            let digest = try await digest(trace.folder.kernelInformation, &draft)
            kernel = "kernel/\(digest.prefix(12))-kernelinfo.conf"
            add(trace.folder.kernelInformation, to: kernel ?? "", .copy, nil, nil, &draft, digest: digest)
        }
        var disk: String?
        if hasDisks, FileSystem.isRegularFile(trace.folder.disk),
            let layers = try await layers(of: trace, collection, &draft)
        {
            disk = "qcow/\(run).qcow2.zst"
            draft.layers[trace.record.id] = layers
            add(trace.folder.disk, to: disk ?? "", .frame, nil, nil, &draft)
        }
        return PackingPlan.Trace(
            name: trace.name,
            snapshot: snapshot,
            log: log,
            record: record,
            packets: packets,
            disk: disk,
            kernelInformation: kernel,
            baseDisks: disk == nil ? nil : draft.layers[trace.record.id]
        )
    }

    /// Where a recording's files will lie.
    private func recordingPaths(_ trace: TraceSelection.Trace) -> (snapshot: String, log: String?) {
        switch format {
        case .store:
            let prefix = "rr/\(trace.name)/\(safeFileName(trace.recording.name, limit: 200))"
            return ("\(prefix)-rr-snp.zst", "\(prefix)-rr-nondet.log.zst")
        case .rr2: return ("rr/\(trace.name).rr2", nil)
        case .classic: return ("rr/\(trace.name).tar.gz", nil)
        }
    }

    /// What each snapshot is packed against, by where they will lie: what saves the most, as far as they can be looked
    /// into; else the first of the same image.
    private func references(of traces: [TraceSelection.Trace]) async throws -> [String: String] {
        let earlierWholes = (earlier?.traces ?? []).filter { $0.snapshot.restored?.reference == nil }
        let wholes = Set(earlierWholes.map(\.snapshot.path))
        let deltas = Set((earlier?.traces ?? []).map(\.snapshot.path)).subtracting(wholes)
        let sketches = try await BoundedWork.map(traces, atOnce: 2) { trace in
            (trace, try? await SnapshotSketch(of: trace.snapshot))
        }
        var references: [String: String] = [:]
        let known = sketches.compactMap { trace, sketch in
            sketch.map { (trace: trace, path: recordingPaths(trace).snapshot, sketch: $0) }
        }
        let plan = ReferencePlan(
            known.map(\.sketch),
            kept: Set(known.indices.filter { wholes.contains(known[$0].path) }),
            packed: Set(known.indices.filter { deltas.contains(known[$0].path) })
        )
        for (item, reference) in zip(known, plan.references) where !wholes.contains(item.path) {
            references[item.path] = reference.map { known[$0].path }
        }
        // Runs that are gone from the collection, and snapshots that nobody can look into.
        let used = Set(references.values)
        let rest = sketches.map(\.0).filter { trace in
            let path = recordingPaths(trace).snapshot
            return references[path] == nil && !used.contains(path) && !wholes.contains(path)
                && !deltas.contains(path)
        }
        let isKnown = Set(known.map(\.path))
        let byKind = ReferenceChoice.references(
            rest.filter { !isKnown.contains(recordingPaths($0).snapshot) }.map {
                (kind($0.record), recordingPaths($0).snapshot)
            },
            earlier: earlierWholes.map { (kind($0), $0.snapshot.path) }
        )
        let gone = Dictionary(
            earlierWholes.filter { !isKnown.contains($0.snapshot.path) }.map { (kind($0), $0.snapshot.path) }
        ) { first, _ in first }
        for trace in rest where isKnown.contains(recordingPaths(trace).snapshot) {
            references[recordingPaths(trace).snapshot] = gone[kind(trace.record)]
        }
        return references.merging(byKind) { $1 }
    }

    private func kind(_ trace: DatasetTrace) -> ReferenceChoice.Kind {
        .init(imageDigest: trace.imageDigest, architecture: trace.architecture, memory: trace.memory)
    }

    private func kind(_ record: RunRecord) -> ReferenceChoice.Kind {
        .init(
            imageDigest: record.image.digest,
            architecture: record.machine.architecture.rawValue,
            memory: record.machine.memory.bytes
        )
    }

    /// The recordings' files as they were made, by where they will lie.
    private func wholeFiles(_ traces: [TraceSelection.Trace]) -> [String: (sha256: String, bytes: UInt64)] {
        var files: [String: (sha256: String, bytes: UInt64)] = [:]
        for (path, file) in earlier?.recordingFiles ?? [:] {
            files[path] = file.restored.map { ($0.sha256, $0.bytes) }
        }
        for trace in traces {
            let (snapshot, log) = recordingPaths(trace)
            files[snapshot] = trace.recording.snapshot.map { ($0.sha256, $0.bytes) }
            if let log { files[log] = trace.recording.log.map { ($0.sha256, $0.bytes) } }
        }
        return files
    }

    /// Where each snapshot's log will lie, if it is whole or is going to be.
    private func logsBesideSnapshots(_ traces: [TraceSelection.Trace]) -> [String: String] {
        var logs: [String: String] = [:]
        for trace in traces {
            let (snapshot, log) = recordingPaths(trace)
            logs[snapshot] = log
        }
        for trace in earlier?.traces ?? [] {
            logs[trace.snapshot.path] = trace.log?.restored?.reference == nil ? trace.log?.path : nil
        }
        return logs
    }

    /// The packed disks beneath a run's disk; nothing where they cannot be had.
    private func layers(
        of trace: TraceSelection.Trace,
        _ collection: HostPath,
        _ draft: inout Draft
    ) async throws -> [String]? {
        if let known = draft.layers[trace.record.id] { return known }
        do {
            let root = FileSystem.settled(collection)
            var paths: [String] = []
            for layer in try DiskLayers.beneath(trace.folder.disk, within: [root / "disks"]) {
                let digest = try await digest(layer, &draft)
                let suffix = layer.name.hasSuffix(".qcow2") ? ".qcow2" : ""
                let path = "qcow/base-\(digest.prefix(12))\(suffix).zst"
                add(layer, to: path, .frame, nil, nil, &draft, digest: digest)
                let place = layer.relative(to: root).string
                draft.disks[path] = ((draft.disks[path] ?? []) + [place]).uniqued()
                paths.append(path)
            }
            return paths
        } catch let failure as Failure where [.notPermitted, .badData, .notFound].contains(failure.code) {
            draft.warnings.append("\(trace.record.id) goes without its disk: \(failure.message)")
            return nil
        }
    }

    private func digest(_ file: HostPath, _ draft: inout Draft) async throws -> String {
        let real = FileSystem.resolved(file) ?? file
        if let known = draft.digests[real] { return known }
        let digest = try await Digest.sha256(real)
        draft.digests[real] = digest
        return digest
    }

    private func add(
        _ source: HostPath,
        to path: String,
        _ work: PackingPlan.Work,
        _ trace: TraceSelection.Trace?,
        _ recorded: Recording.File?,
        _ draft: inout Draft,
        _ reference: (path: String, sha256: String)? = nil,
        digest: String? = nil
    ) {
        guard draft.steps[path] == nil else { return }
        let log = work == .archive ? trace?.recording.log : nil
        let kind = FileKind(source)
        let known = ([recorded?.sha256 ?? digest, log?.sha256, reference?.sha256]).compactMap { $0 }
        let identity =
            known.isEmpty ? "\(kind?.size ?? 0) bytes of \(kind?.changed ?? 0)" : known.joined(separator: " ")
        draft.steps[path] = PackingPlan.Step(
            path: path,
            work: work,
            source: source,
            bytes: (kind?.size ?? 0) + (log?.bytes ?? 0),
            identity: work == .packets ? identity + (fingerprint.map { " \($0)" } ?? "") : identity,
            sha256: recorded?.sha256 ?? digest,
            restoredName: work == .frame
                ? trace == nil ? (path.contains("/base-") ? source.name : "disk.qcow2") : source.name : nil,
            reference: reference?.path,
            trace: trace?.name
        )
    }
}
