/// The state of a QMP session: the handshake, and which commands await their reply.
///
/// It does no input or output and knows no clock: what comes in goes through ``receive(_:)``, which says
/// what is to be done. `Waiter` is whatever the owner needs to wake the sender of a command.
struct SessionState<Waiter>: ~Copyable {
    private enum Phase {
        case awaitingGreeting
        case negotiating(QMPGreeting)
        case ready
        case closed(QMPError)
    }

    enum Effect {
        case nothing
        case negotiate
        case resume(Waiter, InboundMessage.Outcome)
        case emit(QMPEvent)
    }

    /// The id of `qmp_capabilities`, on whose reply the handshake ends.
    static var handshakeID: UInt64 { 0 }

    private var phase = Phase.awaitingGreeting
    private var nextID = Self.handshakeID + 1
    private var pending: [UInt64: Waiter] = [:]
    // Commands that nobody waits for any more. Their late replies are no violation.
    private var abandoned: Set<UInt64> = []
    private let limit: Int

    /// The greeting once the handshake is complete; it stays when the session is closed.
    private(set) var greeting: QMPGreeting?

    init(limit: Int) {
        self.limit = limit
    }

    /// The number of commands whose reply has not come, abandoned ones included.
    var unansweredCount: Int { pending.count + abandoned.count }

    /// What a timeout of the handshake means at this point.
    var missingHandshakeStep: String {
        if case .awaitingGreeting = phase { return "greeting (another client may be connected)" }
        return "reply to \"qmp_capabilities\""
    }

    /// A new id for a command, never given out before.
    mutating func makeID() -> UInt64 {
        defer { nextID += 1 }
        return nextID
    }

    /// Notes that `waiter` awaits the end of the handshake.
    mutating func registerHandshake(_ waiter: Waiter) throws(QMPError) {
        if case .closed(let error) = phase { throw error }
        pending[Self.handshakeID] = waiter
    }

    /// Notes that `waiter` awaits the reply to the command `id`.
    mutating func register(_ waiter: Waiter, id: UInt64) throws(QMPError) {
        if case .closed(let error) = phase { throw error }
        guard case .ready = phase else {
            throw QMPError(.invalidArgument, "no command can be sent before the handshake")
        }
        guard unansweredCount < limit else {
            throw QMPError(.unresponsive, "the emulator has left \(unansweredCount) commands unanswered")
        }
        pending[id] = waiter
    }

    /// Gives up on the command `id`; nil if its reply has come.
    mutating func abandon(id: UInt64) -> Waiter? {
        guard let waiter = pending.removeValue(forKey: id) else { return nil }
        abandoned.insert(id)
        return waiter
    }

    /// Ends the session and hands out all who wait; later calls change nothing.
    mutating func close(_ error: QMPError) -> [Waiter] {
        if case .closed = phase { return [] }
        phase = .closed(error)
        defer { pending = [:] }
        abandoned = []
        return Array(pending.values)
    }

    /// Takes in a message and says what is to be done about it.
    mutating func receive(_ message: InboundMessage) throws(QMPError) -> Effect {
        switch (phase, message) {
        case (.closed, _):
            return .nothing
        case (.awaitingGreeting, .greeting(let greeting)):
            phase = .negotiating(greeting)
            return .negotiate
        case (.awaitingGreeting, _):
            throw QMPError(.protocolViolation, "the emulator did not begin with a greeting")
        case (_, .greeting):
            throw QMPError(.protocolViolation, "the emulator sent a second greeting")
        case (_, .event(let event)):
            return .emit(event)
        case (.negotiating(let greeting), .reply(Self.handshakeID, let outcome)):
            return try finishHandshake(greeting, outcome)
        case (_, .reply(let id, let outcome)):
            return try finish(id, outcome)
        }
    }

    private mutating func finishHandshake(
        _ greeting: QMPGreeting,
        _ outcome: InboundMessage.Outcome
    ) throws(QMPError) -> Effect {
        if case .failure(let error) = outcome { throw error.refusal(of: "qmp_capabilities") }
        phase = .ready
        self.greeting = greeting
        guard let waiter = pending.removeValue(forKey: Self.handshakeID) else { return .nothing }
        return .resume(waiter, outcome)
    }

    private mutating func finish(_ id: UInt64, _ outcome: InboundMessage.Outcome) throws(QMPError) -> Effect {
        if let waiter = pending.removeValue(forKey: id) { return .resume(waiter, outcome) }
        guard abandoned.remove(id) != nil else {
            throw QMPError(.protocolViolation, "the emulator answered command \(id), which is not pending")
        }
        return .nothing
    }
}
