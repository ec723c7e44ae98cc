/// What two ends sent each other under one protocol.
public struct NetworkFlow: Hashable, Sendable {
    /// Frames of one direction.
    public struct Traffic: Hashable, Sendable {
        /// How many.
        public var frames = 0
        /// Their length in bytes, headers included.
        public var bytes = 0
    }

    /// The protocol.
    public var transport: PacketHeaders.Transport
    /// Who sent the first frame of it.
    public var client: PacketHeaders.Endpoint
    /// The other end.
    public var server: PacketHeaders.Endpoint
    /// What the first end sent.
    public var sent = Traffic()
    /// What the other end sent.
    public var received = Traffic()
    /// When its first and its last frame came, in guest instructions.
    public var instructions: ClosedRange<UInt64>
    /// Whether the guest sent the first frame.
    public var isFromGuest: Bool
}

/// The flows of a log, gathered frame by frame.
public struct NetworkFlowTable: Sendable {
    /// The most flows that are told apart; a guest that scans a network makes any number.
    public static let limit = 10_000

    private struct Key: Hashable {
        let transport: PacketHeaders.Transport
        let source: PacketHeaders.Endpoint
        let destination: PacketHeaders.Endpoint
    }

    /// The flows, in the order of their first frames.
    public private(set) var flows: [NetworkFlow] = []
    /// The frames of no flow: without headers that can be read, or of flows beyond ``limit``.
    public private(set) var others = NetworkFlow.Traffic()

    private var places: [Key: Int] = [:]

    /// Starts with no flows.
    public init() {}

    /// Takes in the next frame.
    ///
    /// - Parameters:
    ///   - frame: The frame.
    ///   - bytes: Its bytes, or as many of its first ones as hold its headers.
    public mutating func add(_ frame: NetworkFrame, _ bytes: [UInt8]) {
        guard let headers = PacketHeaders(bytes), let (place, isForward) = place(of: headers, frame) else {
            others.frames += 1
            others.bytes += frame.byteCount
            return
        }
        let path: WritableKeyPath<NetworkFlow, NetworkFlow.Traffic> = isForward ? \.sent : \.received
        flows[place][keyPath: path].frames += 1
        flows[place][keyPath: path].bytes += frame.byteCount
        let first = flows[place].instructions.lowerBound
        flows[place].instructions = first...max(first, frame.instructionCount)
    }

    private mutating func place(of headers: PacketHeaders, _ frame: NetworkFrame) -> (Int, isForward: Bool)? {
        let forward = Key(
            transport: headers.transport,
            source: headers.source,
            destination: headers.destination
        )
        if let place = places[forward] { return (place, true) }
        let backward = Key(
            transport: headers.transport,
            source: headers.destination,
            destination: headers.source
        )
        if let place = places[backward] { return (place, false) }
        guard flows.count < Self.limit else { return nil }
        places[forward] = flows.count
        flows.append(
            NetworkFlow(
                transport: headers.transport,
                client: headers.source,
                server: headers.destination,
                instructions: frame.instructionCount...frame.instructionCount,
                isFromGuest: frame.direction == .sent
            )
        )
        return (flows.count - 1, true)
    }
}
