public import HostSupport
import Hummingbird
import HummingbirdCore
import LibraryLogs

/// A small HTTP server: whoever makes it answers each request.
public struct WebServer: Sendable {
    /// How many bytes a form may have.
    public static let formLimit = 64 << 10
    /// How many connections there may be at once.
    private static let connections = 256
    /// How much of a file is in memory for each connection.
    private static let piece = 256 << 10

    private let address: String
    private let port: UInt16
    private let patience: Duration
    private let console: Console
    private let isSlow: @Sendable (WebRequest) -> Bool
    private let isListening: @Sendable () async -> Void
    private let answer: @Sendable (WebRequest) async -> WebResponse

    /// Prepares a server.
    ///
    /// - Parameters:
    ///   - address: The address to listen at.
    ///   - port: The port.
    ///   - patience: How long a connection may take to send a request, or stay without one. What is answered, by
    ///     events for example, takes as long as it takes.
    ///   - console: What libraries say goes there.
    ///   - isListening: Is called once, when connections are accepted.
    ///   - isSlow: Whether to answer a request takes so long that the task that does is to be cancelled when whoever
    ///     asked has left. Its connection takes no further request.
    ///   - answer: What answers a request.
    public init(
        address: String,
        port: UInt16,
        patience: Duration = .seconds(30),
        console: Console,
        isListening: @escaping @Sendable () async -> Void = {},
        isSlow: @escaping @Sendable (WebRequest) -> Bool = { _ in false },
        answer: @escaping @Sendable (WebRequest) async -> WebResponse
    ) {
        self.address = address
        self.port = port
        self.patience = patience
        self.console = console
        self.isListening = isListening
        self.isSlow = isSlow
        self.answer = answer
    }

    /// Answers until the task is cancelled, or the service that it is told to shut down.
    ///
    /// - Throws: ``HostSupport/Failure`` with `unavailable` where it cannot listen; `CancellationError`.
    public func run() async throws {
        let logger = libraryLogger("pandacap.web", console: console)
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await respond(to: request)
            },
            // Else whoever connects and says nothing would keep the others out.
            server: .http1(configuration: .init(idleTimeout: .init(patience))),
            configuration: ApplicationConfiguration(
                address: .hostname(address, port: Int(port)),
                serverName: "pandacap",
                availableConnectionsDelegate: MaximumAvailableConnections(Self.connections, logger: logger)
            ),
            onServerRunning: { [isListening] _ in await isListening() },
            logger: logger
        )
        do {
            try await application.run()
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Failure(.unavailable, "cannot listen at \(address), port \(port)", cause: error)
        }
    }

    private func respond(to request: Request) async throws -> Response {
        var body: [UInt8] = []
        if request.method == .post {
            do {
                body = Array(try await request.body.collect(upTo: Self.formLimit).readableBytesView)
            } catch {
                return Response(status: .contentTooLarge)
            }
        }
        // The authority is what HTTP/1 has as the header Host.
        let host = request.head.authority.map { [(name: "Host", value: $0)] } ?? []
        let asked = WebRequest(
            request.method.rawValue,
            request.head.path ?? "/",
            headers: host + request.headers.map { ($0.name.rawName, $0.value) },
            body: body
        )
        guard isSlow(asked) else { return response(await answer(asked), to: asked) }
        let answered = try await request.body.consumeWithCancellationOnInboundClose { _ in
            await answer(asked)
        }
        var response = response(answered, to: asked)
        response.headers[.connection] = "close"
        return response
    }

    private func response(_ answer: WebResponse, to request: WebRequest) -> Response {
        var response = Response(status: .init(code: answer.status))
        for (name, value) in answer.headers {
            guard let name = HTTPFields.Element.Name(name) else { continue }
            response.headers.append(.init(name: name, value: value))
        }
        let isHead = request.method == .head
        switch answer.body {
        case .bytes(let bytes):
            if isHead {
                response.headers[.contentLength] = "\(bytes.count)"
            } else {
                response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
            }
        case .file(let file, let range):
            if isHead {
                response.headers[.contentLength] = "\(range.count)"
            } else {
                response.body = Self.body(file, range)
            }
        case .events(let next):
            response.headers[.contentType] = "text/event-stream"
            if !isHead { response.body = Self.body(next) }
        }
        return response
    }

    private static func body(_ file: WebFile, _ range: Range<UInt64>) -> ResponseBody {
        ResponseBody(contentLength: Int(range.count)) { writer in
            var place = range.lowerBound
            while place < range.upperBound {
                let wanted = Int(min(UInt64(piece), range.upperBound - place))
                let bytes = file.read(at: place, count: wanted)
                // What was promised cannot be kept: the connection is cut, and whoever reads sees that.
                guard !bytes.isEmpty else {
                    throw Failure(.inputOutput, "a file became shorter while it was sent")
                }
                try await writer.write(ByteBuffer(bytes: bytes))
                place += UInt64(bytes.count)
            }
            try await writer.finish(nil)
        }
    }

    private static func body(_ next: @escaping @Sendable () async throws -> WebEvent?) -> ResponseBody {
        ResponseBody { writer in
            // Who has left is no failure.
            do {
                while let event = try await next() { try await writer.write(ByteBuffer(string: event.text)) }
            } catch {}
            try await writer.finish(nil)
        }
    }
}
