import NIOCore

extension QMPConnection {
    /// Waits for the end of the handshake, which goes on by itself once the socket is connected.
    ///
    /// The error names `timeout`, of which a part has passed before the socket was there.
    func handshake(until deadline: ContinuousClock.Instant, timeout: Duration) async throws -> QMPGreeting {
        if let greeting = session.greeting { return greeting }
        let id = SessionState<QMPWaiter>.handshakeID
        let rest = deadline - .now
        _ = try await wait(for: "qmp_capabilities", id: id, delay: rest, timeout: timeout) {
            (connection, waiter) throws(QMPError) in
            try connection.session.registerHandshake(waiter)
        }
        guard let greeting = session.greeting else {
            throw QMPError(.protocolViolation, "the handshake ended without a greeting")
        }
        return greeting
    }

    /// Sends a command and returns the line of its successful reply.
    func perform(_ command: OutboundCommand, timeout: Duration) async throws -> [UInt8] {
        try Task.checkCancellation()
        let id = session.makeID()
        return try await wait(for: command.name, id: id, delay: timeout, timeout: timeout) {
            (connection, waiter) throws(QMPError) in
            try connection.session.register(waiter, id: id)
            connection.send(command.line(id: id))
        }
    }

    private func wait(
        for command: String,
        id: UInt64,
        delay: Duration,
        timeout: Duration,
        start: (isolated QMPConnection, QMPWaiter) throws(QMPError) -> Void
    ) async throws -> [UInt8] {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let timer = eventLoop.scheduleTask(in: TimeAmount(delay)) {
                    self.assumeIsolated { $0.expire(id: id, timeout: timeout) }
                }
                let waiter = QMPWaiter(command: command, continuation: continuation, timer: timer)
                do throws(QMPError) {
                    try start(self, waiter)
                } catch {
                    waiter.resume(throwing: error)
                }
            }
        } onCancel: {
            // This closure runs at any moment on any thread; the loop runs it after the registration.
            eventLoop.execute {
                self.assumeIsolated { $0.session.abandon(id: id)?.resume(throwing: CancellationError()) }
            }
        }
    }

    private func expire(id: UInt64, timeout: Duration) {
        guard let waiter = session.abandon(id: id) else { return }
        let isHandshake = id == SessionState<QMPWaiter>.handshakeID
        let missing = isHandshake ? session.missingHandshakeStep : "reply to \(quoted(waiter.command))"
        waiter.resume(throwing: QMPError(.timeout, "the emulator sent no \(missing) within \(timeout)"))
    }
}
