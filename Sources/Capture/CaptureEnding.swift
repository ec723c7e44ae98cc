public import HostSupport
public import RunRecords

/// Why a run's engine was ended, or how it ended by itself.
public enum CaptureEnding: Sendable {
    /// What was asked for is done.
    case finished
    /// The session could not be held as planned.
    case sessionFailed(Failure)
    /// The guest ended its machine while it booted.
    case bootFailed(Failure)
    /// The guest powered its machine off or reset it.
    case guestEnded
    /// The engine ended in another way.
    case engineDied(ExitStatus)
    /// What started the container is gone, and its daemon perhaps, while the engine went on until we ended it.
    case containerLost
    /// The user asked for the end.
    case interrupted
    /// The recording lasted as long as it may.
    case timeLimit
    /// The guest's network was silent as long as it may be while a recording is open.
    case idle(Duration)
    /// The recording's log is as large as it may get.
    case logFull(ByteSize)
    /// The run lasted as long as it may after its first recording began.
    case periodOver
    /// Nobody had anything recorded as long as the guest may wait for that.
    case noVisitor
    /// The file system of the run is nearly full.
    case diskNearlyFull(free: ByteSize)
    /// The guest went beyond what a run may cost.
    case outOfBounds(RunRecord.Mark)

    /// The ending's name in `run.json`.
    public var name: String {
        switch self {
        case .finished: "finished"
        case .sessionFailed: "session-failed"
        case .bootFailed: "boot-failed"
        case .guestEnded: "guest-ended"
        case .engineDied: "engine-died"
        case .containerLost: "container-lost"
        case .interrupted: "interrupted"
        case .timeLimit: "time-limit"
        case .idle: "idle"
        case .logFull: "log-size"
        case .periodOver: "period"
        case .noVisitor: "no-visitor"
        case .diskNearlyFull: "disk-nearly-full"
        case .outOfBounds: "out-of-bounds"
        }
    }

    /// What is worth telling, where it did not end as planned.
    public var warning: String? {
        switch self {
        case .finished: nil
        case .sessionFailed(let failure), .bootFailed(let failure): failure.message
        case .guestEnded: "the guest ended its machine by itself"
        case .engineDied(let status): "the engine \(status) by itself"
        case .containerLost: "the container's runtime went away, and the recording was ended"
        case .interrupted: "the run was interrupted"
        case .timeLimit: "the time limit ended the recording"
        case .idle(let limit): "the recording was ended after the network was silent for \(limit.text)"
        case .logFull(let limit): "the recording was ended since its log exceeded \(limit)"
        case .periodOver: "the run ended a fixed time after its first recording began"
        case .noVisitor: "nothing was recorded in the time that the guest may wait"
        case .outOfBounds(let mark):
            "the run was ended since the guest went beyond its bounds: \(mark.rawValue)"
        case .diskNearlyFull(let free): "the recording was ended since only \(free) of disk are left"
        }
    }
}
