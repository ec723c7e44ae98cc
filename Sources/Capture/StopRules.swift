public import HostSupport

/// What ends a run that waits for a visitor or for the guest, beside the end of its last recording.
///
/// A rule that is met ends the engine, and so closes a recording that is open: it is kept, and is as whole as others.
public struct StopRules: Sendable, Codable, Hashable {
    /// How long a recording may last.
    public var recording: TimeSpan?
    /// How long the guest's network may be silent while a recording is open.
    public var idle: TimeSpan?
    /// How large the log of a recording may get.
    public var log: ByteSize?
    /// How long after the beginning of its first recording the run ends, whatever goes on then.
    public var period: TimeSpan?
    /// How long a guest that is ready may wait for its first recording.
    public var wait: TimeSpan?

    /// Sets no rule.
    public init() {}

    /// What is known of a run that goes on.
    struct Situation {
        /// How long the recording that is open has lasted; nothing where none is.
        var recording: Duration?
        /// How long ago the first recording began; nothing where none did.
        var sinceFirst: Duration?
        /// How long the guest has been ready; nothing where it is not.
        var sinceReady: Duration?
        /// How long the guest's network has been silent.
        var silence: Duration
        /// The bytes of the log that is open.
        var logBytes: UInt64
    }

    /// The rule that is met; nothing where the run may go on.
    func ending(_ now: Situation) -> CaptureEnding? {
        if let recording = now.recording {
            if let limit = self.recording, recording > limit.duration { return .timeLimit }
            if let limit = log, now.logBytes > limit.bytes { return .logFull(limit) }
            if let limit = idle, min(now.silence, recording) > limit.duration { return .idle(limit.duration) }
        }
        if let first = now.sinceFirst, let limit = period, first > limit.duration { return .periodOver }
        if now.sinceFirst == nil, let ready = now.sinceReady, let limit = wait, ready > limit.duration {
            return .noVisitor
        }
        return nil
    }
}
