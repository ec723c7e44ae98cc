import Glibc
import HostSupport
import Synchronization
import TestSupport
import Testing
import WebServer

@testable import Dashboard

@Suite("The server")
struct ServerTests {
    private typealias Answer = @Sendable (WebRequest) async -> WebResponse

    private final class Counter: Sendable {
        private let count = Mutex(0)

        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    /// A connection to a port of this host; what blocks ends after ten seconds.
    private final class Connection: Sendable {
        private let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)

        init(port: UInt16) throws {
            var limit = timeval(tv_sec: 10, tv_usec: 0)
            setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let status = withUnsafePointer(to: &address) { address in
                address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard status == 0 else { throw Failure(.system, "cannot connect: \(systemMessage(errno))") }
        }

        deinit { close(socket) }

        func send(_ text: String) {
            let bytes = Array(text.utf8)
            _ = Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }

        /// What comes until the other side closes the connection; nothing where it does not.
        @concurrent func rest() async -> String? {
            let reading = Task.detached(executorPreference: OwnThreads.shared) { [self] () -> String? in
                var all: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 4096)
                while true {
                    let count = recv(socket, &buffer, buffer.count, 0)
                    guard count >= 0 else { return errno == ECONNRESET ? "" : nil }
                    if count == 0 { return String(decoding: all, as: UTF8.self) }
                    all += buffer.prefix(count)
                }
            }
            return await reading.value
        }
    }

    private func withServer(
        isSlow: Bool = false,
        answer: @escaping Answer,
        _ body: (UInt16) async throws -> Void
    ) async throws {
        let port = try HostPort.choose()
        let (listening, says) = AsyncStream<Void>.makeStream()
        let server = WebServer(
            address: "127.0.0.1",
            port: port,
            patience: .milliseconds(400),
            console: Console(.quiet),
            isListening: { says.finish() },
            isSlow: { _ in isSlow },
            answer: answer
        )
        let running = Task { try await server.run() }
        defer { running.cancel() }
        for await _ in listening {}
        try await body(port)
    }

    @Test(
        "waits for no request that does not come, or not as a whole",
        arguments: [
            "", "GET / HT", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n",
            "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nab",
        ]
    )
    func silence(request: String) async throws {
        let answer: Answer = { _ in .text(200, "answered") }
        try await withServer(answer: answer) { port in
            let connection = try Connection(port: port)
            connection.send(request)
            let rest = try #require(await connection.rest(), "the connection stays")
            #expect(!rest.contains("answered"))
        }
    }

    @Test("lets events take as long as they take")
    func events() async throws {
        let count = Counter()
        let next: @Sendable () async throws -> WebEvent? = {
            try await Task.sleep(for: .milliseconds(700))
            let number = count.next()
            return number < 4 ? WebEvent(data: "event \(number)") : nil
        }
        let answer: Answer = { _ in WebResponse(200, body: .events(next)) }
        try await withServer(answer: answer) { port in
            let connection = try Connection(port: port)
            connection.send("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            #expect(await connection.rest()?.contains("event 3") == true)
        }
    }

    @Test("does nothing further for who has left, and answers who stays")
    func leaving() async throws {
        let (left, says) = AsyncStream<Void>.makeStream()
        let answer: Answer = { request in
            guard request.path == ["long"] else { return .text(200, "answered") }
            try? await Task.sleep(for: .seconds(60))
            if Task.isCancelled { says.finish() }
            return .text(200, "too late")
        }
        try await withServer(isSlow: true, answer: answer) { port in
            let stays = try Connection(port: port)
            stays.send("GET /short HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            #expect(await stays.rest()?.contains("answered") == true)
            do {
                let leaves = try Connection(port: port)
                leaves.send("GET /long HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                try await Task.sleep(for: .milliseconds(200))
                withExtendedLifetime(leaves) {}
            }
            try await withDeadline(.seconds(20), "nobody noticed that he left") {
                for await _ in left {}
            }
        }
    }
}
