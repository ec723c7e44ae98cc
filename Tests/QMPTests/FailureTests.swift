import Foundation
import Testing

@testable import QMP

@Suite struct FailureTests {
    @Test func disconnectFailsAllPendingCommands() async throws {
        try await withStubClient { peer in
            _ = try peer.receive()
            _ = try peer.receive()
            try peer.socket.write(Array(#"{"return"#.utf8))
        } body: { client in
            async let first = errorCode { try await client.stop() }
            async let second = errorCode { try await client.cont() }
            #expect(await first == .disconnected)
            #expect(await second == .disconnected)
            let later = try await #require(throws: QMPError.self) { try await client.stop() }
            #expect(later.code == .disconnected)
            #expect(later.message.contains("in the middle of the message at byte"))
        }
    }

    @Test func quitTakesADisconnectForSuccess() async throws {
        try await withStubClient {
            _ = try $0.receive()
        } body: { client in
            try await client.quit()
            // The emulator is still gone.
            try await client.quit()
            #expect(await errorCode { try await client.stop() } == .disconnected)
        }
    }

    @Test func quitFailsOnAClosedClient() async throws {
        try await withStubClient {
            try $0.waitForEnd()
        } body: { client in
            await client.close()
            #expect(await errorCode { try await client.quit() } == .closed)
        }
    }

    @Test func closeFailsPendingCommands() async throws {
        try await withStubClient {
            try $0.waitForEnd()
        } body: { client in
            async let code = errorCode { try await client.stop(timeout: .seconds(60)) }
            try await Task.sleep(for: .milliseconds(20))
            await client.close()
            await client.close()
            #expect(await code == .closed)
        }
    }

    @Test func timeoutThenLateReply() async throws {
        try await withStubClient { peer in
            let late = try peer.receive()
            let next = try peer.receive()
            try peer.reply(to: late)
            try peer.reply(to: next, "\"next\"")
        } body: { client in
            let error = try await #require(throws: QMPError.self) {
                try await client.stop(timeout: .milliseconds(30))
            }
            #expect(error.code == .timeout)
            #expect(error.message == "the emulator sent no reply to \"stop\" within 0.03 seconds")
            #expect(try await client.execute("next", returning: String.self) == "next")
            #expect(await client.unansweredCount == 0)
        }
    }

    @Test func cancelledCommandLeavesNoEntry() async throws {
        try await withStubClient { peer in
            let cancelled = try peer.receive()
            try peer.event("RECEIVED")
            let next = try peer.receive()
            try peer.reply(to: cancelled)
            try peer.reply(to: next)
        } body: { client in
            let task = Task { try await client.stop(timeout: .seconds(60)) }
            // To cancel it any earlier may keep the command from being sent at all.
            for await event in client.events where event.name == "RECEIVED" { break }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await client.cont()
            #expect(await client.unansweredCount == 0)
        }
    }

    @Test func cancelledTaskSendsNothing() async throws {
        try await withStubClient { peer in
            guard try peer.receive()["execute"] == "cont" else { throw StubError("it was sent") }
        } body: { client in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await client.stop()
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            try? await client.cont()
        }
    }

    @Test func droppedClientClosesItsConnection() async throws {
        let events = try await withStubServer { peer in
            try peer.shakeHands()
            try peer.waitForEnd()
        } body: { path in
            try await QMPClient.connect(to: path, timeout: .seconds(60)).events
        }
        for await event in events {
            Issue.record("nobody sent \(event)")
        }
    }

    @Test(arguments: [
        ("garbage", "an invalid message at byte"),
        (#"{"return": {}}"#, "an invalid message at byte"),
        (#"{"return": {}, "id": "1"}"#, "an invalid message at byte"),
        (#"{"return": {}, "error": {}, "id": 1}"#, "an invalid message at byte"),
        (#"{"id": 1}"#, "an invalid message at byte"),
        (#"{"event": "STOP"}"#, "an invalid message at byte"),
        (#"{"error": {"class": "GenericError", "desc": "x"}}"#, "an invalid message at byte"),
        (#"[]"#, "an invalid message at byte"),
        (#"{"return": {}, "id": 77}"#, "answered command 77, which is not pending, at byte"),
        (StubPeer.greeting, "a second greeting, at byte"),
        (String(repeating: "x", count: 300), "is longer than 256 bytes"),
        (
            #"{"timestamp": {"seconds": 7, "microseconds": 9}, "event": "\#(String(repeating: "E", count: 150))"}"#,
            "too long for anything but a reply"
        ),
        (String(repeating: "[", count: 250), "an invalid message at byte"),
    ])
    func violationEndsTheConnection(_ line: String, _ reason: String) async throws {
        let limits = QMPLimits(messageLength: 256, eventLength: 128)
        try await withStubClient(limits: limits) { peer in
            _ = try peer.receive()
            try peer.send(line)
            try peer.waitForEnd()
        } body: { client in
            let error = try await #require(throws: QMPError.self) { try await client.stop() }
            #expect(error.code == .protocolViolation)
            #expect(error.message.contains(reason))
            // The greeting and the reply to the negotiation came before.
            let start = (StubPeer.greeting + "\r\n" + #"{"return": {}, "id": 0}"# + "\r\n").utf8.count
            #expect(error.message.contains("at byte \(start)"))
            #expect(await errorCode { try await client.cont() } == .protocolViolation)
        }
    }
}

func errorCode(_ body: () async throws -> Void) async -> QMPError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? QMPError)?.code
    }
}

extension QMPClient {
    var unansweredCount: Int {
        get async { await connection.unansweredCount }
    }
}

extension QMPConnection {
    var unansweredCount: Int { session.unansweredCount }
}
