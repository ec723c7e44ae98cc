import Foundation

@testable import QMP

/// Runs `body` against a server on a real Unix socket that does what `script` says to one client.
///
/// The script runs on a thread of its own with blocking calls. Its error is thrown unless `body` throws.
func withStubServer<Result>(
    delay: Duration? = nil,
    script: @escaping @Sendable (StubPeer) throws -> Void,
    body: (_ path: String) async throws -> Result
) async throws -> Result {
    let path = temporarySocketPath()
    let server = delay == nil ? try StubSocket.listen(path) : nil
    defer { unlink(path) }
    let (outcomes, sink) = AsyncStream<Swift.Result<Void, any Error>>.makeStream()
    let thread = Thread {
        let outcome = Swift.Result {
            if let delay { Thread.sleep(forTimeInterval: delay / .seconds(1)) }
            let listener = try server ?? StubSocket.listen(path)
            defer { listener.close() }
            let peer = StubPeer(try listener.accept())
            defer { peer.socket.close() }
            try script(peer)
        }
        sink.yield(outcome)
        sink.finish()
    }
    thread.start()
    let result = try await body(path)
    for await outcome in outcomes {
        try outcome.get()
    }
    return result
}

func temporarySocketPath() -> String {
    "/tmp/qmp-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
}

/// Connects to a stub that has shaken hands, and lets `body` use the client.
func withStubClient<Result>(
    limits: QMPLimits = QMPLimits(),
    script: @escaping @Sendable (StubPeer) throws -> Void,
    body: (QMPClient) async throws -> Result
) async throws -> Result {
    try await withStubServer { peer in
        try peer.shakeHands()
        try script(peer)
    } body: { path in
        let client = try await QMPClient.connect(to: path, timeout: .seconds(60), limits: limits)
        let result = try await body(client)
        await client.close()
        return result
    }
}
