public import Foundation
public import RunRecords
public import Traces

/// When what is in a recording happened.
public struct RecordingTimes: Sendable {
    /// When the recording began; nothing where nobody knows.
    public let start: Date?
    /// Turns the reads of the time stamp counter into seconds since then; nothing where that cannot be done.
    public let clock: GuestClock?

    /// Finds out as much as a recording and its run tell.
    ///
    /// - Parameters:
    ///   - reads: The reads of the time stamp counter in the log.
    ///   - files: The recording; its snapshot has the counter's rate.
    ///   - recording: What its run knows of it, where there is one.
    ///   - start: When it began, where the user says so.
    public init(_ reads: ClockReads, files: RecordingFiles, recording: Recording?, start: Date? = nil) {
        self.start = start ?? recording?.started
        var length: Double?
        if let began = recording?.started, let ended = recording?.ended, ended > began {
            length = ended.timeIntervalSince(began)
        }
        // A snapshot that cannot be read has no rate; that it cannot be read, others say.
        let rate =
            reads.count < 2 ? nil : try? SnapshotMemory(path: files.snapshotPath).timeStampCounterRate()
        clock = GuestClock(reads, ticksPerSecond: rate ?? nil, length: length)
    }

    /// How the times are meant, in a sentence.
    public var explanation: String {
        guard let clock else {
            return
                "the log has no times: its guest hardly reads the time stamp counter, or nobody knows its rate"
        }
        let rate = "\((clock.ticksPerSecond / 1000).rounded() / 1000) MHz"
        let origin =
            switch clock.source {
            case .guestKernel: "the rate is what the guest's kernel measured"
            case .recordingLength: "the rate is that which makes the log as long as the recording took"
            }
        let zero = start == nil ? "; times count from the recording's start, which is not known" : ""
        return "times are interpolated from reads of the time stamp counter, at \(rate): \(origin)\(zero)"
    }

    /// A time as a date; the recording's start counts as 1970 where it is not known.
    public func date(_ moment: GuestClock.Moment) -> Date {
        (start ?? Date(timeIntervalSince1970: 0)).addingTimeInterval(moment.seconds)
    }
}
