public import Capture
public import HostSupport
public import RunRecords

/// What a fleet's file says; `docs/fleet.schema.json` describes it, and what it leaves out has a default.
public struct FleetFile: Sendable, Hashable {
    /// Which ports of this host lead to the slots' guests.
    public struct Ports: Sendable, Codable, Hashable {
        /// Who may reach them.
        public enum Scope: String, Sendable, Codable {
            /// This host alone, through the loopback address.
            case local
            /// Everybody, through all addresses.
            case all
        }

        /// The guest's port; 22 where nothing is said.
        public var guest: UInt16?
        /// Who may reach it; this host alone where nothing is said.
        public var scope: Scope?
        /// The ports of the first slots, in their order.
        public var first: [UInt16]?
        /// Slot N has the port N above this one, where ``first`` has none for it; 0, the default, for any that is free.
        public var base: UInt16?

        /// Leaves all to the defaults.
        public init() {}
    }

    /// What the fleet may use up.
    public struct Budget: Sendable, Codable, Hashable {
        /// How large the collection may get; without bounds where nothing is said.
        public var disk: ByteSize?
        /// How much room is left free on the collection's file system.
        public var reserve: ByteSize?
        /// How much memory the guests' machines may have together.
        public var memory: ByteSize?

        /// Leaves all to the defaults.
        public init() {}
    }

    /// How guests are started, and started again.
    public struct Starts: Sendable, Codable, Hashable {
        /// How long after one slot the next is started for the first time.
        public var stagger: TimeSpan?
        /// How many guests are started at once; as many as this host has processors where nothing is said.
        public var atOnce: Int?
        /// How long a slot waits after a failure; twice as long after each further one.
        public var pause: TimeSpan?
        /// The longest that it waits.
        public var longestPause: TimeSpan?
        /// After how many failures to start in a row, of all slots together, none is started for a while.
        public var breaker: Int?

        /// Leaves all to the defaults.
        public init() {}
    }

    /// The number of the layout, 1.
    public var schema: Int
    /// The fleet's name.
    public var name: String
    /// The folder that runs are kept in, relative to the file.
    public var collection: String?
    /// The guest.
    public var guest: GuestSettings
    /// How many guests are kept alive side by side.
    public var slots: Int
    /// The ports that lead to them.
    public var ports: Ports?
    /// What starts and stops a recording; the guest itself where nothing is said.
    public var trigger: RunRecord.Trigger?
    /// What the guest prints when the host is to begin and to end a recording.
    public var serial: SerialWords?
    /// How many recordings are made of one guest before it is replaced; 1 where nothing is said.
    public var recordings: Int?
    /// What ends a run beside the end of its last recording.
    public var limits: StopRules?
    /// What the fleet may use up.
    public var budget: Budget?
    /// How guests are started.
    public var starts: Starts?
    /// How many recordings are replayed at once; half as many as there are processors where nothing is said, 0 for none.
    public var verifiers: Int?
    /// The port of the loopback address at which Prometheus gets numbers; none where nothing is said.
    public var metricsPort: UInt16?
}

extension FleetFile: Codable {
    private enum Key: String, CodingKey {
        case schema, name, collection, slots, ports, trigger, serial, recordings, limits, budget, starts,
            verifiers
        case metricsPort
    }

    /// Decodes a file; the guest's keys stand beside the fleet's.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: `DecodingError` where a key is missing or of another kind.
    public init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: Key.self)
        guest = try GuestSettings(from: decoder)
        schema = try keys.decode(Int.self, forKey: .schema)
        name = try keys.decode(String.self, forKey: .name)
        collection = try keys.decodeIfPresent(String.self, forKey: .collection)
        slots = try keys.decode(Int.self, forKey: .slots)
        ports = try keys.decodeIfPresent(Ports.self, forKey: .ports)
        trigger = try keys.decodeIfPresent(RunRecord.Trigger.self, forKey: .trigger)
        serial = try keys.decodeIfPresent(SerialWords.self, forKey: .serial)
        recordings = try keys.decodeIfPresent(Int.self, forKey: .recordings)
        limits = try keys.decodeIfPresent(StopRules.self, forKey: .limits)
        budget = try keys.decodeIfPresent(Budget.self, forKey: .budget)
        starts = try keys.decodeIfPresent(Starts.self, forKey: .starts)
        verifiers = try keys.decodeIfPresent(Int.self, forKey: .verifiers)
        metricsPort = try keys.decodeIfPresent(UInt16.self, forKey: .metricsPort)
    }

    /// Encodes the file as it is decoded.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        try guest.encode(to: encoder)
        var keys = encoder.container(keyedBy: Key.self)
        try keys.encode(schema, forKey: .schema)
        try keys.encode(name, forKey: .name)
        try keys.encodeIfPresent(collection, forKey: .collection)
        try keys.encode(slots, forKey: .slots)
        try keys.encodeIfPresent(ports, forKey: .ports)
        try keys.encodeIfPresent(trigger, forKey: .trigger)
        try keys.encodeIfPresent(serial, forKey: .serial)
        try keys.encodeIfPresent(recordings, forKey: .recordings)
        try keys.encodeIfPresent(limits, forKey: .limits)
        try keys.encodeIfPresent(budget, forKey: .budget)
        try keys.encodeIfPresent(starts, forKey: .starts)
        try keys.encodeIfPresent(verifiers, forKey: .verifiers)
        try keys.encodeIfPresent(metricsPort, forKey: .metricsPort)
    }
}
