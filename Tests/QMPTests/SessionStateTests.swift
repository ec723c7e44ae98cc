import Testing

@testable import QMP

@Suite struct SessionStateTests {
    private static let greeting = QMPGreeting(version: QMPVersion(major: 7, minor: 2, micro: 0))
    private static let event = QMPEvent(name: "STOP", timestamp: .init(seconds: 1, microseconds: 2))

    private func ready(limit: Int = 8) throws -> SessionState<String> {
        var session = SessionState<String>(limit: limit)
        _ = try session.receive(.greeting(Self.greeting))
        _ = try session.receive(.reply(id: 0, .success))
        return session
    }

    @Test func handshake() throws {
        var session = SessionState<String>(limit: 8)
        try session.registerHandshake("connect")
        guard case .negotiate = try session.receive(.greeting(Self.greeting)) else {
            Issue.record("no negotiation")
            return
        }
        #expect(session.greeting == nil)
        guard case .resume("connect", .success) = try session.receive(.reply(id: 0, .success)) else {
            Issue.record("nobody was woken")
            return
        }
        #expect(session.greeting == Self.greeting)
    }

    @Test func handshakeNobodyWaitsForYet() throws {
        let session = try ready()
        #expect(session.greeting == Self.greeting)
    }

    @Test func repliesFindTheirWaitersInAnyOrder() throws {
        var session = try ready()
        let first = session.makeID()
        let second = session.makeID()
        try session.register("first", id: first)
        try session.register("second", id: second)
        for (id, name) in [(second, "second"), (first, "first")] {
            guard case .resume(let waiter, .success) = try session.receive(.reply(id: id, .success)) else {
                Issue.record("nobody was woken")
                return
            }
            #expect(waiter == name)
        }
        #expect(session.unansweredCount == 0)
    }

    @Test func eventsPassWhileACommandIsPending() throws {
        var session = try ready()
        try session.register("quit", id: session.makeID())
        guard case .emit(Self.event) = try session.receive(.event(Self.event)) else {
            Issue.record("no event")
            return
        }
        #expect(session.unansweredCount == 1)
    }

    @Test func lateReplyIsIgnoredOnce() throws {
        var session = try ready()
        let id = session.makeID()
        try session.register("stop", id: id)
        #expect(session.abandon(id: id) == "stop")
        #expect(session.abandon(id: id) == nil)
        #expect(session.unansweredCount == 1)
        guard case .nothing = try session.receive(.reply(id: id, .success)) else {
            Issue.record("somebody was woken")
            return
        }
        #expect(session.unansweredCount == 0)
        #expect(throws: QMPError.self) { try session.receive(.reply(id: id, .success)) }
    }

    @Test func unansweredCommandsAreLimited() throws {
        var session = try ready(limit: 2)
        let id = session.makeID()
        try session.register("a", id: id)
        try session.register("b", id: session.makeID())
        _ = session.abandon(id: id)
        let error = try #require(throws: QMPError.self) { try session.register("c", id: session.makeID()) }
        #expect(error.code == .unresponsive)
        _ = try session.receive(.reply(id: id, .success))
        try session.register("c", id: session.makeID())
    }

    @Test func closingHandsOutAllWaitersOnce() throws {
        var session = try ready()
        try session.register("a", id: session.makeID())
        try session.register("b", id: session.makeID())
        #expect(session.close(QMPError(.disconnected, "gone")).sorted() == ["a", "b"])
        #expect(session.close(QMPError(.closed, "again")).isEmpty)
        let error = try #require(throws: QMPError.self) { try session.register("c", id: session.makeID()) }
        #expect(error.code == .disconnected)
        guard case .nothing = try session.receive(.reply(id: 99, .success)) else {
            Issue.record("a closed session does something")
            return
        }
    }

    @Test func closedSessionTakesNoHandshake() throws {
        var session = SessionState<String>(limit: 8)
        _ = session.close(QMPError(.disconnected, "gone"))
        #expect(throws: QMPError.self) { try session.registerHandshake("connect") }
    }

    @Test func commandBeforeTheHandshakeIsRefused() throws {
        var session = SessionState<String>(limit: 8)
        #expect(throws: QMPError.self) { try session.register("stop", id: session.makeID()) }
    }

    @Test(arguments: [
        [InboundMessage.event(event)],
        [.reply(id: 0, .success)],
        [.greeting(greeting), .greeting(greeting)],
        [.greeting(greeting), .reply(id: 1, .success)],
        [.greeting(greeting), .reply(id: 0, .success), .reply(id: 0, .success)],
        [.greeting(greeting), .reply(id: 0, .success), .reply(id: .max, .success)],
        [.greeting(greeting), .reply(id: 0, .success), .greeting(greeting)],
    ])
    func messageOutOfOrderIsAViolation(_ messages: [InboundMessage]) throws {
        var session = SessionState<String>(limit: 8)
        for message in messages.dropLast() {
            _ = try session.receive(message)
        }
        let last = try #require(messages.last)
        let error = try #require(throws: QMPError.self) { try session.receive(last) }
        #expect(error.code == .protocolViolation)
    }
}
