/// The reply to `query-migrate`: how far an outgoing migration is.
public struct MigrationStatus: Hashable, Sendable, Decodable {
    /// The state's name on the wire, such as `active` or `completed`; nothing before any migration.
    public var state: String?

    /// What went wrong, where QEMU says so.
    public var problem: String?

    private enum CodingKeys: String, CodingKey {
        case state = "status"
        case problem = "error-desc"
    }

    /// Creates a status.
    public init(state: String?, problem: String? = nil) {
        self.state = state
        self.problem = problem
    }

    /// Whether everything was sent.
    public var isCompleted: Bool { state == "completed" }

    /// Whether it ended without everything having been sent.
    public var isFailed: Bool { state == "failed" || state == "cancelled" }
}
