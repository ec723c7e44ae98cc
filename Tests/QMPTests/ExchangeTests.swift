import Foundation
import Testing

@testable import QMP

@Suite struct ExchangeTests {
    @Test func eventsBeforeTheReply() async throws {
        try await withStubClient { peer in
            let request = try peer.receive()
            try peer.event("SHUTDOWN", data: #"{"guest": false, "reason": "host-qmp-quit"}"#)
            try peer.reply(to: request)
        } body: { client in
            try await client.quit()
            var events: [QMPEvent] = []
            for await event in client.events {
                events.append(event)
            }
            let shutdown = try #require(events.first)
            #expect(events.count == 1)
            #expect(shutdown.name == "SHUTDOWN")
            #expect(shutdown.timestamp == QMPEvent.Timestamp(seconds: 7, microseconds: 9))
            #expect(shutdown.data["reason"] == "host-qmp-quit")
        }
    }

    @Test func unreadEventsAreLimitedAndCounted() async throws {
        try await withStubClient(limits: QMPLimits(bufferedEvents: 2)) { peer in
            for number in 0..<5 {
                try peer.event("E\(number)")
            }
            try peer.reply(to: try peer.receive())
        } body: { client in
            try await client.stop()
            #expect(await client.droppedEventCount == 3)
            await client.close()
            var names: [String] = []
            for await event in client.events {
                names.append(event.name)
            }
            #expect(names == ["E3", "E4"])
        }
    }

    @Test func repliesInAnotherOrder() async throws {
        try await withStubClient { peer in
            let requests = try (0..<20).map { _ in try peer.receive() }
            for request in requests.reversed() {
                try peer.reply(to: request, "\"\(request["execute"]?.stringValue ?? "")\"")
            }
        } body: { client in
            try await withThrowingTaskGroup { group in
                for number in 0..<20 {
                    group.addTask {
                        let name = "c\(number)"
                        let reply = try await client.execute(name, returning: String.self)
                        #expect(reply == name)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(arguments: [1, 7]) func splitSegments(_ size: Int) async throws {
        try await withStubClient { peer in
            let request = try peer.receive()
            let id = request["id"]?.integerValue ?? -1
            let text = "\r\n" + #"{"return": "ü", "id": \#(id)}"# + "\r\n"
            for byte in stride(from: 0, to: text.utf8.count, by: size) {
                try peer.socket.write(Array(text.utf8).dropFirst(byte).prefix(size))
                Thread.sleep(forTimeInterval: 0.001)
            }
        } body: { client in
            let reply = try await client.execute("c", returning: String.self)
            #expect(reply == "ü")
        }
    }

    @Test func mergedSegments() async throws {
        try await withStubClient { peer in
            let ids = try (0..<2).map { _ in try peer.receive()["id"]?.integerValue ?? -1 }
            let replies = ids.map { #"{"return": {}, "id": \#($0)}"# + "\r\n" }
            try peer.socket.write(Array(replies.joined().utf8))
        } body: { client in
            async let first: Void = client.stop()
            async let second: Void = client.cont()
            _ = try await (first, second)
        }
    }

    @Test func largeReply() async throws {
        try await withStubClient { peer in
            let request = try peer.receive()
            try peer.reply(to: request, "\"\(String(repeating: "x", count: 1 << 20))\"")
        } body: { client in
            let text = try await client.humanMonitorCommand("info mtree")
            #expect(text.utf8.count == 1 << 20)
        }
    }

    @Test func refusalKeepsTheConnection() async throws {
        try await withStubClient { peer in
            try peer.refuse(try peer.receive(), class: "GenericError", #"bad\u001b[2J"#)
            try peer.reply(to: try peer.receive())
        } body: { client in
            let error = try await #require(throws: QMPError.self) { try await client.cont() }
            #expect(error.code == .commandFailed)
            #expect(error.message == #"the emulator refused "cont": "bad\u{1B}[2J" ("GenericError")"#)
            try await client.stop()
        }
    }

    @Test func replyOfAnotherTypeKeepsTheConnection() async throws {
        try await withStubClient { peer in
            try peer.reply(to: try peer.receive(), #"{"status": 5}"#)
            try peer.reply(to: try peer.receive())
        } body: { client in
            let error = try await #require(throws: QMPError.self) { try await client.queryStatus() }
            #expect(error.code == .unexpectedReply)
            #expect(error.message.hasPrefix("failed to decode the reply to \"query-status\": "))
            try await client.stop()
        }
    }

    @Test func argumentsThatCannotBeEncodedAreRefused() async throws {
        try await withStubClient {
            try $0.waitForEnd()
        } body: { client in
            let error = try await #require(throws: QMPError.self) {
                try await client.execute("c", arguments: ["x": Double.nan])
            }
            #expect(error.code == .invalidArgument)
        }
    }
}
