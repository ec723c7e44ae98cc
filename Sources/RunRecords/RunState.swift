/// Where a run is in its one life.
public enum RunState: String, Sendable, Codable, CaseIterable {
    /// The plan is made and nothing has been started.
    case planned
    /// The engine was started and the guest boots.
    case starting
    /// The guest waits for what is to be recorded.
    case ready
    /// A recording is open.
    case recording
    /// The engine has ended and a recording is there; it has not been replayed.
    case recorded
    /// Every recording replayed to its end.
    case verified
    /// A recording is there that did not replay.
    case diverged
    /// There is no whole recording, unless one was salvaged later; the reason is in the record.
    case failed

    /// Whether the run's life is over.
    public var isFinal: Bool { self == .verified || self == .diverged || self == .failed }

    /// Whether a run may go from this state to another.
    public func canBecome(_ next: RunState) -> Bool {
        switch (self, next) {
        case (.planned, .starting), (.starting, .ready), (.starting, .recording), (.ready, .recording),
            (.ready, .recorded), (.recording, .ready), (.recording, .recorded), (.recorded, .verified),
            (.recorded, .diverged):
            true
        // A trace can be replayed again, on this host or another, with another verdict.
        case (.verified, .diverged), (.diverged, .verified), (.verified, .verified), (.diverged, .diverged):
            true
        case (_, .failed): !isFinal
        default: false
        }
    }
}
