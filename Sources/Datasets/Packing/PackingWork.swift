import Foundation
import HostSupport
import RunRecords
import Synchronization
import TraceArchives
import TraceStore
import Traces

/// Makes the files of a dataset.
struct PackingWork: Sendable {
    let folder: DatasetFolder
    let journal: PackingJournal
    let privacy: (any DatasetPrivacy)?
    let console: Console
    let earlier: DatasetIndex?
    let records: [String: TraceSelection.Trace]
    let jobs: Int

    /// Makes what is not there yet.
    ///
    /// - Returns: How many files were made, and of how many bytes.
    /// - Throws: `Failure` with `bad-data`, naming each source that is not what its record says.
    func carryOut(_ plan: PackingPlan) async throws -> (files: Int, bytes: UInt64) {
        var todo: [PackingPlan.Step] = []
        for step in plan.steps where !(try await isDone(step)) {
            todo.append(step)
        }
        // The largest first, so that none is left to be packed alone at the end.
        todo.sort { ($0.bytes, $1.path) > ($1.bytes, $0.path) }
        let sources = try await references(of: todo, plan)
        let total = todo.reduce(0) { $0 + $1.bytes }
        let progress = Mutex<UInt64>(0)
        let refused = try await BoundedWork.map(todo, atOnce: jobs) { step -> String? in
            do {
                try await make(step, against: step.reference.flatMap { sources[$0] })
            } catch let failure as Failure where failure.code == .badData {
                return failure.message
            }
            let done = progress.withLock { done in
                done += step.bytes
                return done
            }
            console.progress("packed \(ByteSize(bytes: done)) of \(ByteSize(bytes: total)): \(step.path)")
            return nil
        }.compactMap { $0 }
        console.endProgress()
        guard refused.isEmpty else {
            throw Failure(
                .badData,
                "\(refused.count) of \(todo.count) files cannot be packed:\n"
                    + refused.map { "  \($0)" }.joined(separator: "\n"),
                hint: "look at the runs with 'pandacap trace check', or leave them out with --exclude; "
                    + "what was packed is kept for the next time"
            )
        }
        try FileSystem.remove(folder.restored)
        return (todo.count, total)
    }

    /// Whether a file is there, and is what the journal says.
    private func isDone(_ step: PackingPlan.Step) async throws -> Bool {
        guard let entry = await journal.entries[step.path], let path = folder.find(step.path),
            FileSystem.size(path) == entry.file.bytes
        else { return false }
        if step.isThere { return true }
        guard entry.identity == step.identity, [nil, step.reference].contains(entry.file.restored?.reference)
        else {
            return false
        }
        return try await Digest.sha256(path) == entry.file.sha256
    }

    /// Where the files lie that others are packed against.
    private func references(of steps: [PackingPlan.Step], _ plan: PackingPlan) async throws -> [String:
        HostPath]
    {
        var sources: [String: HostPath] = [:]
        for path in Set(steps.compactMap(\.reference)).sorted() {
            if let step = plan.steps.first(where: { $0.path == path }) {
                sources[path] = step.source
                continue
            }
            // Its run is not in the collection any more, or not chosen this time.
            guard let file = earlier?.recordingFiles[path],
                let restored = file.restored, let packed = folder.find(path)
            else { throw Failure(.internal, "the reference \(path) is not there") }
            try FileSystem.createDirectory(folder.restored)
            let target = folder.restored / restored.sha256
            console.progress("restoring \(path), which others are packed against")
            try await namingStore {
                try await FileUnpacker().unpack(
                    packed,
                    to: target,
                    expecting: .init(bytes: restored.bytes, sha256: restored.sha256)
                )
            }
            sources[path] = target
        }
        return sources
    }

    private func make(_ step: PackingPlan.Step, against reference: HostPath?) async throws {
        let target = folder.staged / step.path
        try FileSystem.createDirectory(target.parent)
        let before = FileKind(step.source)
        var restored: DatasetFile.Restored?
        switch step.work {
        case .frame:
            // Of files that are too large together no one is packed against the other.
            let isNear = reference.map {
                (FileSystem.size($0) ?? 0) + (before?.size ?? 0) <= UInt64(FilePacker.largest)
            }
            let prefix = isNear == true ? reference : nil
            let packed = try await namingStore {
                try await FilePacker().pack(step.source, against: prefix, to: target)
            }
            try require(step, packed.contents.sha256)
            restored = .init(
                name: step.restoredName ?? step.source.name,
                bytes: packed.contents.bytes,
                sha256: packed.contents.sha256,
                reference: prefix == nil ? nil : step.reference
            )
        case .copy:
            try await copy(step.source, to: target)
        case .packets:
            let draft = target.draft
            defer { try? FileSystem.remove(draft) }
            if let privacy, privacy.isAnonymising {
                try await privacy.packets(step.source, to: draft)
                try FileSystem.rename(draft, to: target)
            } else {
                try await copy(step.source, to: target)
            }
        case .archive:
            try archive(step, to: target)
        case .record:
            try writeRecord(step, to: target)
        }
        guard FileKind(step.source) == before else {
            throw Failure(.badData, "\(step.source) was changed while it was packed")
        }
        let digest = try await Digest.sha256(target)
        if step.work == .copy { try require(step, digest) }
        try await journal.add(
            .init(
                path: step.path,
                identity: step.identity,
                file: DatasetFile(
                    path: step.path,
                    bytes: FileSystem.size(target) ?? 0,
                    sha256: digest,
                    mediaType: Self.mediaType(step.path),
                    restored: restored
                )
            )
        )
    }

    private func require(_ step: PackingPlan.Step, _ found: String) throws {
        guard let expected = step.sha256, expected != found else { return }
        throw Failure(
            .badData,
            "\(step.source) is not what was recorded: its SHA-256 digest is \(found), and was \(expected)"
        )
    }

    private func copy(_ source: HostPath, to target: HostPath) async throws {
        let draft = target.draft
        defer { try? FileSystem.remove(draft) }
        try await Tool("cp", package: "coreutils").run([
            "--reflink=auto", "--sparse=always", "--", source.string, draft.string,
        ])
        try FileSystem.setMode(draft, 0o644)
        try FileSystem.rename(draft, to: target)
    }

    private func archive(_ step: PackingPlan.Step, to target: HostPath) throws {
        guard let trace = step.trace.flatMap({ records[$0] }) else {
            throw Failure(.internal, "\(step.path) is of no trace")
        }
        // Published: no path of this host is in the command line.
        let command =
            [trace.record.command.executable.name]
            + trace.record.command.arguments.map { HostPathScrubber.scrub($0, .argument) }
        let packed = try TraceArchive.naming(step.source) {
            try TraceArchive.pack(
                RecordingFiles(prefix: trace.folder.recording(trace.recording.name).string),
                as: step.path.hasSuffix(".rr2") ? .rr2 : .rrarchive,
                to: target,
                description: TraceDescription(
                    name: trace.recording.name,
                    command: command.joined(separator: " "),
                    os: trace.record.osProfile?.os
                ),
                replacing: true
            )
        }
        try require(step, packed.snapshot.sha256)
        if let log = trace.recording.log, packed.log.sha256 != log.sha256 {
            throw Failure(.badData, "\(trace.log) is not what was recorded")
        }
    }

    private func writeRecord(_ step: PackingPlan.Step, to target: HostPath) throws {
        guard let trace = step.trace.flatMap({ records[$0] }) else {
            throw Failure(.internal, "\(step.path) is of no trace")
        }
        let json = try PublishedRecord.json(
            of: trace.record,
            recording: trace.recording.name,
            privacy: privacy
        )
        try FileSystem.write(json, to: target)
    }

    private static func mediaType(_ path: String) -> String {
        switch path.split(separator: ".").last {
        case "zst": "application/zstd"
        case "pcap": "application/vnd.tcpdump.pcap"
        case "json": "application/json"
        case "rr2", "gz": "application/gzip"
        default: "text/plain"
        }
    }
}
