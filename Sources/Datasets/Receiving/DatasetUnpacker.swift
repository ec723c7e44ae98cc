import Foundation
public import HostSupport
import RunRecords
import TraceArchives

/// Makes a collection of a dataset, in which each trace replays with no other argument.
public struct DatasetUnpacker: Sendable {
    let console: Console
    let jobs: Int?

    /// Prepares an unpacking.
    ///
    /// - Parameters:
    ///   - jobs: How many files are restored at once; what processors and memory allow where nothing is said.
    ///   - console: Where progress is told.
    public init(jobs: Int? = nil, console: Console) {
        self.jobs = jobs
        self.console = console
    }

    /// What would come of an unpacking, or came of it.
    public struct Result: Sendable, Codable {
        /// The collection.
        public let collection: HostPath
        /// The runs that were made, or were given further recordings.
        public var runs: [String] = []
        /// The traces that were unpacked.
        public var traces: [String] = []
        /// The traces that were there already.
        public var kept: [String] = []
        /// How large the unpacked files are, in bytes.
        public var bytes: UInt64 = 0
        /// How long it took, in seconds.
        public var seconds = 0.0
    }

    /// Unpacks traces.
    ///
    /// A run gets its name when it is whole. What an unpacking that was killed has left is gone on with.
    ///
    /// - Parameters:
    ///   - dataset: The dataset.
    ///   - names: The traces' names, or the ids of their runs; all where there are none.
    ///   - collection: The collection's folder, new or not.
    ///   - isPlan: Whether nothing is written.
    /// - Returns: What came of it.
    /// - Throws: ``HostSupport/Failure``: `not-found` where a trace is named that is not there, `bad-data` naming each
    ///   file that is not what it should be, `cannot-create` where another run has a run's name.
    public func unpack(
        _ dataset: ArrivedDataset,
        _ names: [String],
        into collection: HostPath,
        isPlan: Bool = false
    ) async throws -> Result {
        let start = ContinuousClock.now
        let collection = FileSystem.absolute(collection)
        var result = Result(collection: collection)
        let volumes = try dataset.volumes()
        let all = volumes.flatMap(\.index.traces)
        for name in names where !all.contains(where: { $0.name == name || $0.run == name }) {
            throw Failure(
                .notFound,
                "there is no trace '\(name)' in \(dataset.source)",
                hint: all.isEmpty
                    ? nil
                    : "there are \(all.prefix(5).map(\.name).joined(separator: ", "))"
                        + (all.count > 5 ? ", ..." : "")
            )
        }
        var lock: FileLock?
        if !isPlan {
            try FileSystem.createDirectory(collection / "runs")
            lock = try FileLock(unlessHeld: collection / "runs/.unpack.lock")
        }
        defer { withExtendedLifetime(lock) {} }
        for volume in volumes {
            let wanted = volume.index.traces.filter {
                names.isEmpty || names.contains($0.name) || names.contains($0.run)
            }
            let runs = try Dictionary(grouping: wanted, by: \.run).sorted { $0.key < $1.key }.map {
                run,
                traces in
                try ArrivingRun(run, traces, of: volume, in: collection)
            }
            result.kept += runs.flatMap(\.kept)
            let missing = runs.filter { !$0.traces.isEmpty }
            if !isPlan, !missing.isEmpty { try await unpack(missing, of: volume, into: collection) }
            result.runs += missing.map(\.id)
            result.traces += missing.flatMap { $0.traces.map(\.trace.name) }
            result.bytes += missing.reduce(0) { $0 + $1.bytes }
        }
        result.seconds = (ContinuousClock.now - start).seconds
        return result
    }

    private func unpack(
        _ runs: [ArrivingRun],
        of volume: ArrivedDataset.Volume,
        into collection: HostPath
    ) async throws {
        let scratch = try ScratchFolder(in: collection)
        defer { scratch.remove() }
        var items: [Restoration.Item] = []
        for run in runs { items += run.items(volume.index, collection) }
        var seen: Set<HostPath> = []
        items = items.filter { item in item.target.map { seen.insert($0).inserted } ?? true }
        let drafts = runs.filter(\.isNew).map { "\($0.work.path)/" }
        var left: [Restoration.Item] = []
        for item in items where !(try await isThere(item)) {
            // Only what nobody has seen yet is replaced.
            if let target = item.target, FileKind(target) != nil,
                !drafts.contains(where: { target.string.hasPrefix($0) })
            {
                throw ArrivingRun.isTaken(target)
            }
            left.append(item)
        }
        for run in runs { try FileSystem.createDirectory(run.work.recordings) }
        for item in left {
            if let target = item.target { try FileSystem.createDirectory(target.parent) }
        }
        let console = console
        let restoration = Restoration(volume: volume, scratch: scratch.path, jobs: jobs) { file in
            console.progress("restoring \(file.restored?.name ?? file.path)")
        }
        var problems = try await restoration.restore(left.filter { $0.file.restored != nil }).map {
            "data/\($0.path): \($0.message)"
        }
        for item in left where item.file.restored == nil {
            do {
                if let target = item.target {
                    try await copy(item.file, of: volume, to: target, by: scratch.path)
                }
            } catch let failure as Failure where failure.code == .badData {
                problems.append(failure.message)
            }
        }
        for run in runs { problems += try await run.unpackArchives(of: volume, console) }
        console.endProgress()
        guard problems.isEmpty else {
            throw Failure(
                .badData,
                "\(problems.count) files cannot be restored:\n"
                    + problems.map { "  \($0)" }.joined(separator: "\n"),
                hint: "'pandacap dataset verify' tells of everything that is wrong; have it sent again"
            )
        }
        let unpacked = Set(items.compactMap(\.target))
        for run in runs { try run.finish(keeping: unpacked) }
    }

    /// Whether an unpacking that was killed has restored a file.
    private func isThere(_ item: Restoration.Item) async throws -> Bool {
        guard let target = item.target, FileSystem.isRegularFile(target) else { return false }
        let (bytes, digest) =
            item.file.restored.map { ($0.bytes, $0.sha256) } ?? (item.file.bytes, item.file.sha256)
        return FileSystem.size(target) == bytes ? try await Digest.sha256(target) == digest : false
    }

    private func copy(
        _ file: DatasetFile,
        of volume: ArrivedDataset.Volume,
        to target: HostPath,
        by scratch: HostPath
    ) async throws {
        let draft = scratch / "\(UUID().uuidString)"
        defer { try? FileSystem.remove(draft) }
        try FileSystem.copy(try volume.path(of: file), to: draft)
        guard try await Digest.sha256(draft) == file.sha256 else {
            throw Failure(.badData, "data/\(file.path) is not what the index says")
        }
        try FileSystem.setMode(draft, 0o644)
        try FileSystem.rename(draft, to: target)
    }
}
