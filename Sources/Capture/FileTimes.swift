import Foundation
import HostSupport

/// When a file was made and when it was last written, as its file system knows it.
struct FileTimes: Sendable {
    /// When it was made; nothing where the file system does not keep that.
    let made: Date?
    /// When it was last written.
    let written: Date

    /// Asks coreutils: neither Foundation nor Glibc's module offers the time of a file's birth.
    ///
    /// - Throws: ``HostSupport/Failure`` where the file cannot be examined.
    init(of file: HostPath) async throws {
        let line = try await Tool("stat", package: "coreutils").run([
            "--format", "%.6W %.6Y", "--", file.string,
        ])
        let times = line.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        guard times.count == 2 else { throw Failure(.system, "stat printed '\(line)' for \(file)") }
        made = times[0] > 0 ? Date(timeIntervalSince1970: times[0]) : nil
        written = Date(timeIntervalSince1970: times[1])
    }

    /// When a recording began and ended, whose log this is: PANDA makes the file when the recording begins, and last
    /// writes to it when it ends (panda/src/rr/rr_log.c, `rr_create_record_log` and `rr_destroy_log`).
    ///
    /// They were seen some hundredths of a second late. The engine could have set the file's times, so that they are
    /// believed as far as they lie within a second before.
    func refine(_ sighting: RecordingWatcher.Sighting) -> RecordingWatcher.Sighting {
        func nearer(_ time: Date?, _ seen: Date) -> Date {
            guard let time, time <= seen, seen.timeIntervalSince(time) < 1 else { return seen }
            return time
        }
        let started = nearer(made, sighting.started)
        return RecordingWatcher.Sighting(
            name: sighting.name,
            started: started,
            ended: sighting.ended.map { max(started, nearer(written, $0)) },
            seen: sighting.seen
        )
    }
}
