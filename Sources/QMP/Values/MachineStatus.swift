/// The reply to `query-status`.
public struct MachineStatus: Hashable, Sendable, Decodable {
    /// Whether the guest's processors run.
    public var isRunning: Bool

    /// Why they run or stand.
    public var state: RunState

    private enum CodingKeys: String, CodingKey {
        case isRunning = "running"
        case state = "status"
    }

    /// Creates a status.
    public init(isRunning: Bool, state: RunState) {
        self.isRunning = isRunning
        self.state = state
    }
}
