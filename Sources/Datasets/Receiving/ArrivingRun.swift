import Foundation
import HostSupport
import RunRecords
import TraceArchives
import Traces

/// A run that comes out of a dataset, with those of its traces that are not there yet.
struct ArrivingRun: Sendable {
    struct Trace: Sendable {
        let trace: DatasetTrace
        let record: RunRecord
    }

    let id: String
    let traces: [Trace]
    /// The names of the traces that are there already.
    let kept: [String]
    /// Where the run is going to be.
    let folder: RunFolder
    /// Where it is until it is whole.
    let work: RunFolder
    /// What is there of it already.
    private let present: RunRecord?
    /// Whether nothing of it is there.
    var isNew: Bool { present == nil }

    init(
        _ id: String,
        _ traces: [DatasetTrace],
        of volume: ArrivedDataset.Volume,
        in collection: HostPath
    ) throws {
        self.id = id
        folder = RunFolder(collection / "runs" / id)
        present = FileSystem.exists(folder.record) ? try RunRecord.read(from: folder) : nil
        if present == nil, FileKind(folder.path) != nil {
            throw Failure(.cannotCreate, "\(folder.path) is there already, and has no run.json")
        }
        work = present == nil ? RunFolder(collection / "runs/.unpacking-\(id)") : folder
        var missing: [Trace] = []
        var kept: [String] = []
        for trace in traces {
            let record = try volume.record(of: trace)
            let there = present?.recordings.first { $0.name == trace.recording }
            guard let there else {
                missing.append(Trace(trace: trace, record: record))
                continue
            }
            guard there.snapshot == record.recordings.first?.snapshot,
                there.log == record.recordings.first?.log
            else {
                throw Failure(
                    .cannotCreate,
                    "\(folder.path) has another recording '\(trace.recording)' than the dataset",
                    hint: "unpack into another folder"
                )
            }
            kept.append(trace.name)
        }
        if let present, let first = missing.first, present.image.digest != first.record.image.digest {
            throw Failure(
                .cannotCreate,
                "\(folder.path) is another run than the dataset's of that name",
                hint: "unpack into another folder"
            )
        }
        self.traces = missing
        self.kept = kept
    }

    /// The size of what is to be unpacked, in bytes.
    var bytes: UInt64 {
        traces.reduce(0) { sum, item in
            let files = item.record.recordings.first.map { [$0.snapshot, $0.log] } ?? []
            return sum + files.reduce(0) { $0 + ($1?.bytes ?? 0) }
        }
    }

    /// The files and where they go.
    func items(_ index: DatasetIndex, _ collection: HostPath) -> [Restoration.Item] {
        var items: [Restoration.Item] = []
        func add(_ file: DatasetFile?, _ target: HostPath) {
            if let file { items.append(.init(file: file, target: target)) }
        }
        for trace in traces.map(\.trace) {
            if let log = trace.log {
                add(trace.snapshot, work.recordings / "\(trace.recording)-rr-snp")
                add(log, work.recordings / "\(trace.recording)-rr-nondet.log")
            }
            add(trace.packets, work.packets)
            add(trace.kernelInformation, work.kernelInformation)
            add(trace.disk, work.disk)
            for path in trace.baseDisks ?? [] {
                for disk in index.disks where disk.path == path {
                    if let place = disk.restored?.name { add(disk, collection / place) }
                }
            }
        }
        return items
    }

    /// Unpacks the traces that are archives.
    ///
    /// - Returns: What is wrong with them.
    func unpackArchives(of volume: ArrivedDataset.Volume, _ console: Console) async throws -> [String] {
        var problems: [String] = []
        for item in traces where item.trace.log == nil {
            console.progress("unpacking \(item.trace.snapshot.path)")
            do {
                let path = try volume.path(of: item.trace.snapshot)
                guard let recording = item.record.recordings.first else { continue }
                let draft = work.recordings / ".arriving"
                try FileSystem.remove(draft)
                try FileSystem.createDirectory(draft)
                defer { try? FileSystem.remove(draft) }
                let unpacked = try TraceArchive.naming(path) {
                    guard let archive = try TraceArchive(path, limits: Self.limits(recording)) else {
                        throw Failure(.badData, "\(path) is no archive of a recording")
                    }
                    return try archive.unpack(
                        into: draft,
                        as: recording.name,
                        limits: Self.limits(recording)
                    )
                }
                if let problem = Self.problem(unpacked.contents, recording) {
                    throw Failure(.badData, problem)
                }
                for file in [unpacked.files.snapshotPath, unpacked.files.nondetLogPath].map({ HostPath($0) })
                {
                    let target = work.recordings / file.name
                    // What is there of a run that has a name is the user's, unless an unpacking was killed here.
                    if !isNew, FileKind(target) != nil {
                        guard try await Digest.sha256(target) == Digest.sha256(file) else {
                            throw Self.isTaken(target)
                        }
                    }
                    try FileSystem.rename(file, to: target)
                }
            } catch let failure as Failure where failure.code == .badData {
                problems.append("data/\(item.trace.snapshot.path): \(failure.message)")
            }
        }
        return problems
    }

    /// What may come out of an archive: what the record says, and a little text.
    static func limits(_ recording: Recording) -> ArchiveLimits {
        ArchiveLimits(unpackedBytes: (recording.snapshot?.bytes ?? 0) + (recording.log?.bytes ?? 0) + 1 << 20)
    }

    /// Another file has the place of one of the dataset's.
    static func isTaken(_ target: HostPath) -> Failure {
        Failure(
            .cannotCreate,
            "\(target) is there already, and is another file than the dataset's",
            hint: "unpack into another folder"
        )
    }

    /// How an archive's contents differ from what the record says.
    static func problem(_ contents: ArchiveContents, _ recording: Recording) -> String? {
        guard
            contents.snapshot.sha256 != recording.snapshot?.sha256
                || contents.log.sha256 != recording.log?.sha256
        else { return nil }
        return "what is in it is not what was recorded"
    }

    /// Writes the record, and gives the run its name.
    ///
    /// - Parameter unpacked: Where files of the dataset were put, those of archives left out.
    /// - Throws: `Failure` where something cannot be written or removed.
    func finish(keeping unpacked: Set<HostPath>) throws {
        guard var record = present ?? traces.first?.record, let trace = traces.first?.trace else { return }
        try FolderContents.removeDrafts(in: work.path)
        if isNew {
            // An unpacking of another dataset may have been given up in this folder.
            let recordings = traces.flatMap { item in
                [item.record.recordings.first?.snapshot, item.record.recordings.first?.log]
                    .compactMap { $0.map { work.recordings / $0.name } }
            }
            for name in FolderContents.files(in: work.path) {
                let file = work.path / name
                if !unpacked.contains(file), !recordings.contains(file) { try FileSystem.remove(file) }
            }
        }
        let further = traces.flatMap(\.record.recordings).filter { new in
            !record.recordings.contains { $0.name == new.name }
        }
        record.recordings = (record.recordings + further).sorted { $0.name < $1.name }
        if !FileSystem.exists(work.peers) { try RunPeers(peers: trace.peers).write(to: work) }
        try record.write(to: work)
        if work != folder { try FileSystem.rename(work.path, to: folder.path) }
    }
}
