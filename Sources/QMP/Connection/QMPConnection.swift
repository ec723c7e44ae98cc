import NIOCore

/// One connection to an emulator: bytes in, messages to those who wait for them.
///
/// The actor runs on the channel's event loop.
actor QMPConnection {
    nonisolated let events: AsyncStream<QMPEvent>
    nonisolated let eventLoop: any EventLoop

    var session: SessionState<QMPWaiter>
    private(set) var droppedEventCount = 0
    private(set) var channel: (any Channel)?
    private let eventSink: AsyncStream<QMPEvent>.Continuation
    private let limits: QMPLimits
    private var framer: LineFramer

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        eventLoop.executor.asUnownedSerialExecutor()
    }

    init(eventLoop: any EventLoop, limits: QMPLimits) {
        self.eventLoop = eventLoop
        self.limits = limits
        session = SessionState(limit: limits.unansweredCommands)
        framer = LineFramer(limit: limits.messageLength)
        (events, eventSink) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingNewest(limits.bufferedEvents)
        )
    }

    func attach(_ channel: any Channel) {
        self.channel = channel
    }

    func receive(_ bytes: ByteBufferView) {
        framer.append(bytes)
        do {
            while let line = try framer.next() {
                try handle(line)
            }
        } catch {
            close(error)
        }
    }

    func peerDisconnected(_ error: (any Error)?) {
        let place = framer.unfinishedCount > 0 ? " in the middle of the message at byte \(framer.offset)" : ""
        close(QMPError(.disconnected, "the emulator closed the connection" + place, underlyingError: error))
    }

    /// Ends the connection and gives `error` to whoever waits; only the first call has an effect.
    func close(_ error: QMPError) {
        for waiter in session.close(error) {
            waiter.resume(throwing: error)
        }
        eventSink.finish()
        channel?.close(promise: nil)
    }

    /// Ends the connection from where nothing can be awaited.
    nonisolated func closeSoon(_ error: QMPError) {
        eventLoop.execute {
            self.assumeIsolated { $0.close(error) }
        }
    }

    func send(_ line: [UInt8]) {
        // A failed write closes the channel, which fails whoever waits.
        channel?.writeAndFlush(ByteBuffer(bytes: line), promise: nil)
    }

    private func handle(_ line: LineFramer.Line) throws(QMPError) {
        let message = try InboundMessage(line, longestEvent: limits.eventLength)
        let effect: SessionState<QMPWaiter>.Effect
        do throws(QMPError) {
            effect = try session.receive(message)
        } catch {
            throw QMPError(
                error.code,
                "\(error.message), at byte \(line.offset)",
                underlyingError: error.underlyingError
            )
        }
        switch effect {
        case .nothing:
            return
        case .negotiate:
            negotiate()
        case .resume(let waiter, .success):
            waiter.resume(returning: line.bytes)
        case .resume(let waiter, .failure(let error)):
            waiter.resume(throwing: error.refusal(of: waiter.command))
        case .emit(let event):
            if case .dropped = eventSink.yield(event) { droppedEventCount += 1 }
        }
    }

    private func negotiate() {
        let id = SessionState<QMPWaiter>.handshakeID
        send(Array("{\"execute\":\"qmp_capabilities\",\"id\":\(id)}\n".utf8))
    }
}
