/// How much a client takes from an emulator that it does not trust.
public struct QMPLimits: Hashable, Sendable {
    /// The longest message in bytes, without the line end; a longer one ends the connection.
    public var messageLength: Int

    /// The longest event (or greeting) in bytes; a longer one ends the connection.
    ///
    /// Events wait in memory for their reader, so they have a limit of their own.
    public var eventLength: Int

    /// How many events wait for their reader before the oldest is dropped.
    public var bufferedEvents: Int

    /// How many commands may be without an answer, those given up after a timeout included.
    public var unansweredCommands: Int

    /// Creates limits: 8 MiB a message, 64 KiB an event, 256 events, 1024 commands.
    public init(
        messageLength: Int = 8 << 20,
        eventLength: Int = 64 << 10,
        bufferedEvents: Int = 256,
        unansweredCommands: Int = 1024
    ) {
        self.messageLength = messageLength
        self.eventLength = eventLength
        self.bufferedEvents = bufferedEvents
        self.unansweredCommands = unansweredCommands
    }
}
