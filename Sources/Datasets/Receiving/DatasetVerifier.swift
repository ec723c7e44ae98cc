import Foundation
public import HostSupport
public import Replays
public import RunRecords
import TraceArchives

/// Looks at all of a dataset, and says everything that is wrong with it.
public struct DatasetVerifier: Sendable {
    /// How much is looked at.
    public struct Settings: Sendable {
        /// Which traces are replayed.
        public enum Sample: Sendable, Hashable {
            /// None.
            case none
            /// Each of them.
            case all
            /// So many, which the seed chooses.
            case some(Int)
        }

        /// Whether packed files are not restored.
        public var isQuick = false
        /// Which traces are replayed.
        public var sample = Sample.none
        /// What the choice follows from.
        public var seed: UInt64 = 0
        /// How many files are restored at once.
        public var jobs: Int?

        /// Asks for everything but replays.
        public init() {}
    }

    /// Something that is wrong.
    public struct Problem: Sendable, Codable, Hashable {
        /// What was looked at.
        public enum Check: String, Sendable, Codable {
            /// A torrent's pieces.
            case pieces
            /// The bag: its structure, and the digests of its manifests.
            case bag
            /// The index, and the records beside it.
            case index
            /// The standards' files.
            case standards
            /// What comes out of packed files.
            case contents
        }

        /// The volume.
        public let volume: String
        /// What was looked at.
        public let check: Check
        /// What is wrong.
        public let message: String
    }

    /// What came of a trace's replay.
    public struct Replayed: Sendable, Codable {
        /// The trace.
        public let trace: String
        /// How the replay ended.
        public let verdict: Verification.Verdict
        /// Why it did not come to its end.
        public let problem: String?
    }

    /// What was found.
    public struct Result: Sendable, Codable {
        /// What was looked at.
        public let source: HostPath
        /// How many volumes there are.
        public var volumes = 0
        /// How many traces.
        public var traces = 0
        /// How many files, and their size in bytes.
        public var files = 0
        /// Their size in bytes.
        public var bytes: UInt64 = 0
        /// How many packed files were restored.
        public var restored = 0
        /// Everything that is wrong.
        public var problems: [Problem] = []
        /// The replays; none where none were asked for.
        public var replays: [Replayed] = []
        /// What chose the traces that were replayed.
        public var seed: UInt64?
        /// How long it took, in seconds.
        public var seconds = 0.0
    }

    let settings: Settings
    let planner: ReplayPlanner?
    let console: Console

    /// Prepares a look at a dataset.
    ///
    /// - Parameters:
    ///   - settings: How much is looked at.
    ///   - planner: What makes plans of replays; needed where traces are replayed.
    ///   - console: Where progress is told.
    public init(settings: Settings, planner: ReplayPlanner?, console: Console) {
        self.settings = settings
        self.planner = planner
        self.console = console
    }

    /// Looks at a dataset; nothing in it is changed.
    ///
    /// - Parameters:
    ///   - dataset: The dataset.
    ///   - torrent: The torrent that it was downloaded by; its pieces are looked at, too.
    /// - Returns: What was found; that something is wrong is a result and no error.
    /// - Throws: ``HostSupport/Failure`` where the disk is too small for what is restored, an engine cannot be started, or
    ///   the user asked for the end.
    public func verify(_ dataset: ArrivedDataset, torrent: Torrent? = nil) async throws -> Result {
        let start = ContinuousClock.now
        var result = Result(source: dataset.source)
        if let torrent {
            let console = console
            let total = ByteSize(bytes: torrent.bytes)
            let wrong = try await torrent.check(dataset.source) { bytes in
                console.progress("looking at the torrent's pieces: \(ByteSize(bytes: bytes)) of \(total)")
            }
            result.problems += wrong.map { .init(volume: dataset.source.name, check: .pieces, message: $0) }
        }
        result.volumes = dataset.folders.count
        var volumes: [ArrivedDataset.Volume] = []
        for folder in dataset.folders {
            if let volume = try await look(at: folder, &result) { volumes.append(volume) }
        }
        look(at: volumes, of: dataset, &result)
        if !settings.isQuick {
            let scratch = try ScratchFolder(in: Storage.temporary)
            defer { scratch.remove() }
            for volume in volumes { try await restore(volume, in: scratch.path, &result) }
        }
        console.endProgress()
        result.problems = result.problems.uniqued()
        if settings.sample != .none, result.problems.isEmpty { try await replay(dataset, &result) }
        result.seconds = (ContinuousClock.now - start).seconds
        return result
    }

    private func look(at folder: DatasetFolder, _ result: inout Result) async throws -> ArrivedDataset.Volume?
    {
        let name = folder.path.name
        func add(_ check: Problem.Check, _ messages: [String]) {
            result.problems += messages.map { Problem(volume: name, check: check, message: $0) }
        }
        console.progress("looking at \(name)")
        let files = FolderContents.files(in: folder.path)
        result.files += files.count
        result.bytes += files.reduce(0) { $0 + (FileKind(folder.path / $1)?.size ?? 0) }
        var digests: [String: String] = [:]
        do {
            let wrong = try await Bag.check(at: folder.path)
            add(.bag, wrong)
            if wrong.isEmpty { digests = Bag(at: folder.path).payloadDigests() }
            // What is unfinished is the publisher's affair.
            add(
                .standards,
                try StandardsCheck.check(folder.path).filter { $0.level == .wrong }.map(\.description)
            )
        } catch let failure as Failure {
            add(.bag, [failure.message])
        }
        let index: DatasetIndex
        do {
            index = try DatasetIndex.read(from: folder)
        } catch let failure as Failure {
            add(.index, [failure.message])
            return nil
        }
        result.traces += index.traces.count
        let wrong = IndexCheck.problems(index)
        add(.index, wrong)
        guard wrong.isEmpty else { return nil }
        let volume = ArrivedDataset.Volume(folder: folder, index: index)
        let known = Set(index.packedFiles.map(\.path)).union(Self.ownFiles)
        for file in FolderContents.files(in: folder.data) where !known.contains(file) {
            add(.index, ["data/\(Console.printable(file)) is not in the index"])
        }
        for file in index.packedFiles {
            do {
                let path = try volume.path(of: file)
                // The digests of a valid bag are those of its files, which were read for them.
                var digest = digests["data/\(file.path)"]
                if digest == nil { digest = try await Digest.sha256(path) }
                guard digest == file.sha256 else {
                    throw Failure(.badData, "data/\(file.path) has another digest than the index says")
                }
            } catch let failure as Failure where failure.code == .badData {
                add(.index, [failure.message])
            }
        }
        for trace in index.traces {
            do {
                _ = try volume.record(of: trace)
            } catch let failure as Failure {
                add(.index, [failure.message])
            }
        }
        return volume
    }

    /// What lies under `data/` and is in no index: the index itself, and tables that are made of it.
    private static let ownFiles = Set(
        [
            DatasetMetadata.indexPath, DatasetMetadata.descriptionPath, DatasetMetadata.table,
            DatasetMetadata.database,
        ].map { String($0.dropFirst("data/".count)) }
    )

    /// Holds the volumes against each other.
    private func look(at volumes: [ArrivedDataset.Volume], of dataset: ArrivedDataset, _ result: inout Result)
    {
        let indexes = volumes.map(\.index)
        func add(_ message: String) {
            result.problems.append(.init(volume: dataset.source.name, check: .index, message: message))
        }
        do {
            _ = try DatasetIndex.joined(indexes)
        } catch {
            add((error as? Failure)?.message ?? "\(error)")
        }
        guard FileSystem.isDirectory(dataset.source), !FileSystem.exists(DatasetFolder(dataset.source).index),
            let count = indexes.first?.volume?.count
        else { return }
        let numbers = indexes.compactMap { $0.volume?.number }.sorted()
        if numbers.count != count || !numbers.elementsEqual(1...max(count, 1)) {
            add(
                "there are \(numbers.count) volumes of \(count): \(numbers.map(String.init).joined(separator: ", "))"
            )
        }
    }

    private func restore(
        _ volume: ArrivedDataset.Volume,
        in scratch: HostPath,
        _ result: inout Result
    ) async throws {
        let name = volume.folder.path.name
        let files = volume.index.packedFiles.filter { $0.restored != nil }
        let console = console
        let restoration = Restoration(volume: volume, scratch: scratch, jobs: settings.jobs) { file in
            console.progress("restoring \(file.path)")
        }
        let problems = try await restoration.restore(files.map { .init(file: $0, target: nil) })
        result.restored += files.count
        result.problems += problems.map {
            .init(volume: name, check: .contents, message: "data/\($0.path): \($0.message)")
        }
        for trace in volume.index.traces where trace.log == nil {
            if Interrupts.count > 0 { throw Failure(.interrupted, "interrupted") }
            guard let recording = try? volume.record(of: trace).recordings.first else { continue }
            console.progress("reading \(trace.snapshot.path)")
            result.restored += 1
            do {
                let path = try volume.path(of: trace.snapshot)
                let contents = try TraceArchive.naming(path) {
                    let limits = ArrivingRun.limits(recording)
                    return try TraceArchive(path, limits: limits)?.examine(limits: limits)
                }
                let problem =
                    contents.map { ArrivingRun.problem($0, recording) } ?? "it is no archive of a recording"
                if let problem { throw Failure(.badData, "data/\(trace.snapshot.path): \(problem)") }
            } catch let failure as Failure where failure.code == .badData {
                result.problems.append(.init(volume: name, check: .contents, message: failure.message))
            }
        }
    }

    private func replay(_ dataset: ArrivedDataset, _ result: inout Result) async throws {
        guard let planner else { throw Failure(.internal, "nothing plans the replays") }
        let all = try dataset.volumes().flatMap(\.index.traces).map(\.name)
        let chosen: [String]
        if case .some(let count) = settings.sample {
            chosen = Self.sample(all, count, seed: settings.seed)
            result.seed = settings.seed
        } else {
            chosen = all
        }
        console.step("replaying \(chosen.joined(separator: ", "))")
        for name in chosen {
            let scratch = try ScratchFolder(in: Storage.temporary)
            defer { scratch.remove() }
            let unpacked = try await DatasetUnpacker(jobs: settings.jobs, console: console)
                .unpack(dataset, [name], into: scratch.path / "c")
            guard let run = unpacked.runs.first else { continue }
            let folder = RunFolder(scratch.path / "c/runs" / run)
            let record = try RunRecord.read(from: folder)
            guard let recording = record.recordings.first else { continue }
            let plan = try await planner.plan(
                recording,
                of: record,
                in: folder,
                output: folder.replay,
                plugins: []
            )
            let verification = try await Replay(plan: plan, console: console).run()
            result.replays.append(
                .init(trace: name, verdict: verification.verdict, problem: verification.problem)
            )
            if verification.verdict == .stopped { return }
        }
    }

    /// So many names, the same ones for the same seed: those whose digests with it come first.
    static func sample(_ names: [String], _ count: Int, seed: UInt64) -> [String] {
        names.map { (RunningDigest.text(of: Array("\(seed) \($0)".utf8), .sha256), $0) }
            .sorted { $0 < $1 }.prefix(max(0, count)).map(\.1).sorted()
    }
}
