import HostSupport

/// What a process came to that made a campaign's items, or waited for them.
public struct CampaignResult: Sendable, Encodable {
    /// How far the campaign is.
    public let status: CampaignStatus
    /// Why items failed this time, by their numbers; a run that could not be planned has no folder that tells.
    public let problems: [Int: String]
    /// Whether a signal ended it.
    public let isInterrupted: Bool
    /// How long it took, in seconds.
    public let seconds: Double

    init(status: CampaignStatus, problems: [Int: String], isInterrupted: Bool, seconds: Double) {
        var status = status
        // The process that has it is this one, which is done.
        status.isGoingOn = false
        self.status = status
        self.problems = problems.filter { !status.items[$0.key].state.isFinal }
        self.isInterrupted = isInterrupted
        self.seconds = seconds
    }

    /// The exit code: 130 where a signal ended it before all was made; 76 where items failed; else the status's own.
    public var exitCode: Int32 {
        if status.isComplete { return status.exitCode }
        if isInterrupted { return Failure.Code.interrupted.exitCode }
        return problems.isEmpty ? status.exitCode : Failure.Code.guest.exitCode
    }
}
