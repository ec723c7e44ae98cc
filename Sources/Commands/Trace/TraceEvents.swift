import Foundation
import GuestEvents
import HostSupport
import Replays
import RunRecords

/// Where the events of a recording lie that a replay under `guest_events` told.
enum TraceEvents {
    /// What the plugin calls its file.
    static let fileName = "events.jsonl"

    /// Finds the events of a recording among the analyses of its run.
    ///
    /// - Parameters:
    ///   - recording: The recording's name.
    ///   - run: The run.
    /// - Returns: The file; nothing where there is none, or its analysis has not finished.
    static func find(_ recording: String, in run: TraceSource.Run) -> HostPath? {
        let analyses = run.folder.finishedAnalyses.filter { $0.manifest.recording == recording }.map(\.folder)
        // A folder that a plain replay wrote into has no manifest; of a single recording there is no doubt.
        let own = run.folder.analysis("events", of: recording, isOnly: run.record.recordings.count == 1)
        let hasManifest = FileSystem.exists(own / AnalysisManifest.fileName)
        return (analyses + (hasManifest ? [] : [own])).map { $0 / fileName }.first(
            where: FileSystem.isRegularFile
        )
    }

    /// Finds the events that a user names: a file, a folder with one, or a recording's run.
    ///
    /// - Parameters:
    ///   - name: A file of events, a folder with one, or what ``Replays/TraceSource`` takes.
    ///   - collection: The folder that a run's id is looked up in.
    /// - Returns: The file.
    /// - Throws: ``HostSupport/Failure`` with `notFound`, saying how to make one.
    static func named(_ name: String, collection: HostPath) async throws -> HostPath {
        let path = FileSystem.absolute(HostPath(name))
        if FileSystem.isRegularFile(path), path.name.hasSuffix(".jsonl") { return path }
        if FileSystem.isRegularFile(path / fileName) { return path / fileName }
        let source = try await TraceSource(name, collection: collection)
        let item = try source.single()
        if let run = source.run, let found = find(item.name, in: run) { return found }
        throw Failure(
            .notFound,
            "there are no events of \(item.name)",
            hint: "'pandacap replay \(shellQuoted(name)) --preset events' makes them"
        )
    }
}
