/// Something the emulator reported on its own account, such as `SHUTDOWN` or `STOP`.
public struct QMPEvent: Hashable, Sendable {
    /// The name of the event, in capitals.
    public var name: String

    /// When it happened, by the host's clock.
    public var timestamp: Timestamp

    /// What belongs to the event; an empty object if it carries nothing.
    public var data: JSONValue

    /// Creates an event.
    public init(name: String, timestamp: Timestamp, data: JSONValue = .object([:])) {
        self.name = name
        self.timestamp = timestamp
        self.data = data
    }

    /// A moment since the Unix epoch; both parts are -1 if the host could not tell.
    public struct Timestamp: Hashable, Sendable, Codable {
        /// Whole seconds since the epoch.
        public var seconds: Int64

        /// Microseconds within the second.
        public var microseconds: Int64

        /// Creates a moment.
        public init(seconds: Int64, microseconds: Int64) {
            self.seconds = seconds
            self.microseconds = microseconds
        }
    }
}

extension QMPEvent: Decodable {
    private enum CodingKeys: String, CodingKey {
        case name = "event"
        case timestamp
        case data
    }

    /// Decodes a message `{"event": …, "timestamp": …, "data": …}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        timestamp = try container.decode(Timestamp.self, forKey: .timestamp)
        data = try container.decodeIfPresent(JSONValue.self, forKey: .data) ?? .object([:])
    }
}
