public import Catalogue
import Foundation
public import HostSupport
public import RunRecords
import TraceArchives

/// The traces of a collection that are to be packed, and why others are not.
public struct TraceSelection: Sendable {
    /// A trace that is to be packed.
    public struct Trace: Sendable {
        /// What it is called in the dataset.
        public let name: String
        /// The run's folder.
        public let folder: RunFolder
        /// The run's record.
        public let record: RunRecord
        /// The recording.
        public let recording: Recording

        /// Whether it was proven to replay.
        public var isVerified: Bool { recording.verification?.verdict == .replayed }
        var snapshot: HostPath { folder.recordings / "\(recording.name)-rr-snp" }
        var log: HostPath { folder.recordings / "\(recording.name)-rr-nondet.log" }
    }

    /// A run, or a recording, that is left out.
    public struct Skipped: Sendable, Codable, Hashable {
        /// The run's id.
        public let run: String
        /// The recording's name; nothing where the whole run is left out.
        public let recording: String?
        /// Why.
        public let reason: String
    }

    /// The collection.
    public let collection: HostPath
    /// The traces, in the order of their names.
    public let traces: [Trace]
    /// What is left out.
    public let skipped: [Skipped]

    /// Chooses traces.
    ///
    /// - Parameters:
    ///   - catalogue: The collection's catalogue.
    ///   - query: Which runs; verified ones only where it names no state.
    ///   - runs: The ids of those that are meant; all where there are none.
    ///   - excluded: The ids of those that are not.
    /// - Throws: ``HostSupport/Failure`` with `not-found` where a run is named that is not there, `bad-data` where two
    ///   traces have one name.
    public init(
        of catalogue: Catalogue,
        query: RunQuery,
        runs: [String] = [],
        excluded: [String] = []
    ) throws {
        var query = query
        query.limit = nil
        if query.states.isEmpty { query.states = [.verified] }
        let found = try catalogue.runs(query).map(\.id)
        var skipped: [Skipped] = []
        for id in runs + excluded where try catalogue.run(id) == nil {
            throw Failure(
                .notFound,
                "there is no run '\(id)' in \(catalogue.collection)",
                hint: "'pandacap runs' lists them"
            )
        }
        for id in runs where !found.contains(id) {
            let state = try catalogue.run(id)?.state.rawValue ?? "gone"
            let reason =
                query.states.contains { $0.rawValue == state }
                ? "it is not among those that the filter chooses" : "it is \(state)"
            skipped.append(Skipped(run: id, recording: nil, reason: reason))
        }
        var traces: [Trace] = []
        for id in found where (runs.isEmpty || runs.contains(id)) && !excluded.contains(id) {
            let folder = RunFolder(catalogue.collection / "runs" / id)
            do {
                let record = try RunRecord.read(from: folder)
                if record.recordings.isEmpty {
                    skipped.append(Skipped(run: id, recording: nil, reason: "it has no recording"))
                }
                for recording in record.recordings {
                    if let reason = Self.obstacle(recording, folder) {
                        skipped.append(Skipped(run: id, recording: recording.name, reason: reason))
                    } else {
                        traces.append(
                            Trace(
                                name: safeFileName("\(id)-\(recording.name)", limit: 200),
                                folder: folder,
                                record: record,
                                recording: recording
                            )
                        )
                    }
                }
            } catch let failure as Failure {
                skipped.append(Skipped(run: id, recording: nil, reason: failure.message))
            }
        }
        for (name, group) in Dictionary(grouping: traces, by: \.name) where group.count > 1 {
            throw Failure(
                .badData,
                "\(group.count) traces would be called '\(name)': "
                    + group.map { "\($0.record.id) \($0.recording.name)" }.joined(separator: ", "),
                hint: "leave one of the runs out with --exclude"
            )
        }
        collection = catalogue.collection
        self.traces = traces.sorted { $0.name < $1.name }
        self.skipped = skipped
    }

    /// Why a recording cannot be packed.
    private static func obstacle(_ recording: Recording, _ folder: RunFolder) -> String? {
        guard recording.structure == .complete else {
            return "it is not whole: \(recording.problem ?? recording.structure.rawValue); "
                + "'pandacap trace salvage' may make a whole one of it"
        }
        guard recording.snapshot != nil, recording.log != nil else {
            return "its record has no digests of its files"
        }
        let name = recording.name
        guard TraceArchive.isSafe(name) else { return "its name cannot be a file's everywhere" }
        for file in ["\(name)-rr-snp", "\(name)-rr-nondet.log"]
        where !FileSystem.isRegularFile(folder.recordings / file) {
            return "\(file) is not there"
        }
        return nil
    }
}
