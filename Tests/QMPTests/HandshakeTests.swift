import Foundation
import Testing

@testable import QMP

@Suite struct HandshakeTests {
    @Test func greetingTellsTheVersion() async throws {
        try await withStubClient {
            try $0.waitForEnd()
        } body: { client in
            #expect(client.version == QMPVersion(major: 2, minor: 9, micro: 1))
            #expect(client.version.description == "2.9.1")
        }
    }

    @Test func capabilitiesAndPackageAreKept() async throws {
        try await withStubServer { peer in
            try peer.send(
                #"{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian"}, "#
                    + #""capabilities": ["oob", {"new": 1}]}}"#
            )
            try peer.reply(to: try peer.receive())
        } body: { path in
            let client = try await QMPClient.connect(to: path, timeout: .seconds(60))
            #expect(client.greeting.capabilities == ["oob"])
            #expect(client.version.description == "7.2.22 (Debian)")
        }
    }

    @Test func socketThatAppearsLateIsWaitedFor() async throws {
        try await withStubServer(delay: .milliseconds(150)) {
            try $0.shakeHands()
        } body: { path in
            _ = try await QMPClient.connect(to: path, timeout: .seconds(60))
        }
    }

    @Test func staleSocketIsWaitedFor() async throws {
        let path = temporarySocketPath()
        try StubSocket.listen(path).close()
        defer { unlink(path) }
        let error = try await #require(throws: QMPError.self) {
            try await QMPClient.connect(to: path, timeout: .milliseconds(60))
        }
        #expect(error.code == .timeout)
    }

    @Test func missingSocketTimesOut() async throws {
        let path = temporarySocketPath()
        let error = try await #require(throws: QMPError.self) {
            try await QMPClient.connect(to: path, timeout: .milliseconds(60))
        }
        #expect(error.code == .timeout)
        #expect(error.message == "nobody listens on \"\(path)\"")
    }

    @Test func pathThatIsNoFolderFailsAtOnce() async throws {
        let error = try await #require(throws: QMPError.self) {
            try await QMPClient.connect(to: "/dev/null/qmp.sock", timeout: .seconds(60))
        }
        #expect(error.code == .connectionFailed)
    }

    @Test(arguments: [String(repeating: "x", count: 108), "", "/tmp/a\0b"])
    func impossiblePathIsRefused(_ path: String) async throws {
        let error = try await #require(throws: QMPError.self) {
            try await QMPClient.connect(to: path, timeout: .seconds(60))
        }
        #expect(error.code == .invalidArgument)
    }

    @Test func longestPathWorks() async throws {
        let path = "/tmp/" + String(repeating: "x", count: 102)
        let error = try await #require(throws: QMPError.self) {
            try await QMPClient.connect(to: path, timeout: .milliseconds(10))
        }
        #expect(error.code == .timeout)
    }

    @Test func silentServerTimesOut() async throws {
        try await withStubServer {
            try $0.waitForEnd()
        } body: { path in
            let error = try await #require(throws: QMPError.self) {
                try await QMPClient.connect(to: path, timeout: .milliseconds(60))
            }
            #expect(error.code == .timeout)
            #expect(
                error.message
                    == "the emulator sent no greeting (another client may be connected) within 0.06 seconds"
            )
        }
    }

    @Test func missingReplyToTheNegotiationTimesOut() async throws {
        try await withStubServer { peer in
            try peer.send(StubPeer.greeting)
            try peer.waitForEnd()
        } body: { path in
            let error = try await #require(throws: QMPError.self) {
                try await QMPClient.connect(to: path, timeout: .milliseconds(500))
            }
            #expect(error.code == .timeout)
            #expect(error.message.contains("no reply to \"qmp_capabilities\""))
        }
    }

    @Test func refusedNegotiationFails() async throws {
        try await withStubServer { peer in
            try peer.send(StubPeer.greeting)
            try peer.refuse(try peer.receive(), class: "GenericError", "no")
        } body: { path in
            let error = try await #require(throws: QMPError.self) {
                try await QMPClient.connect(to: path, timeout: .seconds(60))
            }
            #expect(error.code == .commandFailed)
            #expect(error.message.contains("\"qmp_capabilities\""))
        }
    }

    @Test func endBeforeTheGreetingIsADisconnect() async throws {
        try await withStubServer { _ in
        } body: { path in
            let error = try await #require(throws: QMPError.self) {
                try await QMPClient.connect(to: path, timeout: .seconds(60))
            }
            #expect(error.code == .disconnected)
        }
    }

    @Test func cancelledConnectEnds() async throws {
        try await withStubServer {
            try $0.waitForEnd()
        } body: { path in
            let task = Task { try await QMPClient.connect(to: path, timeout: .seconds(60)) }
            try await Task.sleep(for: .milliseconds(30))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }
}
