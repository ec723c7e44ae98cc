/// What a server answers.
public struct WebResponse: Sendable {
    /// What is sent behind the headers.
    public enum Body: Sendable {
        /// These bytes.
        case bytes([UInt8])
        /// This part of a file, read as it is sent.
        case file(WebFile, Range<UInt64>)
        /// Events, each when there is one, until there is none any more or nobody listens.
        case events(@Sendable () async throws -> WebEvent?)
    }

    /// The status, such as 200.
    public var status: Int
    /// The headers; what the body follows from is added.
    public var headers: [(name: String, value: String)]
    /// What is sent behind them.
    public var body: Body

    /// An answer.
    public init(_ status: Int, headers: [(name: String, value: String)] = [], body: Body = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Bytes of a type.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - type: Their type, such as `text/css; charset=utf-8`.
    ///   - status: The status.
    /// - Returns: The answer.
    public static func data(_ bytes: [UInt8], type: String, status: Int = 200) -> WebResponse {
        WebResponse(status, headers: [("Content-Type", type)], body: .bytes(bytes))
    }

    /// Plain text.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - text: The text.
    /// - Returns: The answer.
    public static func text(_ status: Int, _ text: String) -> WebResponse {
        data(Array(text.utf8), type: "text/plain; charset=utf-8", status: status)
    }

    /// The way to another page, which is asked for by GET.
    ///
    /// - Parameter path: Its path.
    /// - Returns: The answer.
    public static func redirect(to path: String) -> WebResponse {
        WebResponse(303, headers: [("Location", path)])
    }
}

/// An event of a stream of such, as browsers read them (HTML standard, section 9.2).
public struct WebEvent: Sendable {
    /// The event as it is sent.
    let text: String

    /// An event with data.
    ///
    /// - Parameter data: The data; each line becomes one.
    public init(data: String) {
        let lines = data.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
        text = lines.map { "data: \($0)\n" }.joined() + "\n"
    }

    private init(text: String) {
        self.text = text
    }

    /// Something that browsers pass over: it shows whether anybody still listens.
    public static let heartbeat = WebEvent(text: ":\n\n")
}
