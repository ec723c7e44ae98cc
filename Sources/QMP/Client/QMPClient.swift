/// A client of the QEMU machine protocol on a Unix socket.
///
/// A client is connected for as long as it lives: it is made by ``connect(to:timeout:limits:)`` and ends
/// with ``close()``, with the emulator, or when it is no longer referenced. All its methods may be called
/// from any task at the same time.
public final class QMPClient: Sendable {
    /// How long the typed commands wait if nothing else is said.
    ///
    /// PANDA answers nothing while it writes the snapshot at the start of a recording, which can take
    /// seconds on a slow disk.
    public static let defaultTimeout = Duration.seconds(30)

    /// What the emulator said when the connection was made.
    public let greeting: QMPGreeting

    let connection: QMPConnection

    private init(_ connection: QMPConnection, greeting: QMPGreeting) {
        self.connection = connection
        self.greeting = greeting
    }

    deinit {
        connection.closeSoon(.closedByOwner)
    }
}

extension QMPClient {
    /// Connects to an emulator and completes the handshake.
    ///
    /// The emulator creates its socket a little after it starts: until the timeout has passed, a missing
    /// socket or one that refuses is tried again.
    ///
    /// - Parameters:
    ///   - path: The path of the socket, at most 107 bytes long.
    ///   - timeout: How long to wait for the socket and the handshake together.
    ///   - limits: How much to take from the emulator.
    /// - Returns: A client that is ready for commands.
    /// - Throws: ``QMPError``, or `CancellationError` if the task is cancelled.
    public static func connect(
        to path: String,
        timeout: Duration,
        limits: QMPLimits = QMPLimits()
    ) async throws -> QMPClient {
        let deadline = ContinuousClock.now + timeout
        let connection = try await QMPConnector.open(path, until: deadline, limits: limits)
        do {
            let greeting = try await connection.handshake(until: deadline, timeout: timeout)
            return QMPClient(connection, greeting: greeting)
        } catch {
            await connection.close(.closedByOwner)
            throw error
        }
    }

    /// The version of the emulator, from its greeting.
    public var version: QMPVersion { greeting.version }

    /// What the emulator reports on its own account, from the handshake on.
    ///
    /// It is one stream for one reader; two would each see a part. It ends with the connection. If the
    /// reader lags, the oldest events are dropped, see ``droppedEventCount``.
    public var events: AsyncStream<QMPEvent> { connection.events }

    /// How many events were dropped because they were not read in time.
    public var droppedEventCount: Int {
        get async { await connection.droppedEventCount }
    }

    /// Closes the connection; the emulator goes on.
    ///
    /// Commands under way throw an error with the code ``QMPError/Code/closed``. To close twice is fine.
    public func close() async {
        await connection.close(.closedByOwner)
    }
}

extension QMPError {
    static let closedByOwner = QMPError(.closed, "the client has been closed")
}
