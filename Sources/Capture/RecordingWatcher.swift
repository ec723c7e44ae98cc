import Foundation
import HostSupport
import Traces

/// Sees recordings begin and end by their files: PANDA sends no event for either.
///
/// A log's header is the number of instructions, which is written when the log is closed and is zero until then
/// (panda/src/rr/rr_log.c, rr_destroy_log).
struct RecordingWatcher: Sendable {
    /// A recording that was seen.
    struct Sighting: Sendable {
        let name: String
        let started: Date
        var ended: Date?
        /// When its beginning was seen, by a clock that nobody sets.
        var seen = ContinuousClock.now
    }

    private let folder: HostPath
    /// The folder's time of change that was seen last, and since when.
    private var seen: (change: Int64, since: ContinuousClock.Instant)?
    /// The time of change with which the folder has been looked through for good.
    private var settled: Int64?
    /// How long a folder may be changed again without another time of change: a tick of the slowest kernels, and more.
    private static let tick = Duration.milliseconds(100)
    /// What was seen so far, in the order of its beginning.
    private(set) var sightings: [Sighting] = []

    /// Watches the engine's working folder.
    init(folder: HostPath) {
        self.folder = folder
    }

    /// How many recordings have ended.
    var endedCount: Int { sightings.count { $0.ended != nil } }
    /// The recording that is open.
    var open: Sighting? { sightings.first { $0.ended == nil } }
    /// Since when a recording is open.
    var openSince: Date? { open?.started }

    /// The log of the recording that is open.
    var openLog: HostPath? {
        open.map { folder / ($0.name + RecordingFiles.nondetLogSuffix) }
    }

    /// Looks again, where something may have changed: many guests wait for hours, and each is looked at often.
    mutating func look() {
        let change = FileKind(folder)?.changed
        if openSince == nil, let change, change == settled { return }
        lookThrough()
        guard let change else { return }
        if seen?.change != change {
            seen = (change, .now)
        } else if let since = seen?.since, ContinuousClock.now - since > Self.tick {
            settled = change
        }
    }

    private mutating func lookThrough() {
        let now = Date()
        let suffix = RecordingFiles.nondetLogSuffix
        // The folder is the engine's, and to open a pipe that was planted there is to wait for its other end.
        for file in FileSystem.list(folder)
        where file.hasSuffix(suffix) && FileSystem.isRegularFile(folder / file) {
            let name = String(file.dropLast(suffix.count))
            let index = sightings.firstIndex { $0.name == name } ?? sightings.endIndex
            if index == sightings.endIndex { sightings.append(Sighting(name: name, started: now)) }
            if sightings[index].ended == nil, isClosed(folder / file) { sightings[index].ended = now }
        }
    }

    private func isClosed(_ log: HostPath) -> Bool {
        var tail = FileTail(log)
        let header = tail.next(limit: 8)
        return header.count == 8 && header.contains { $0 != 0 }
    }
}
