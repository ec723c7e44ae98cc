import Foundation
import HostSupport

/// Asks the service, by `curl`, and asks again where it may answer better later.
struct DepositClient: Sendable {
    /// What a request sends.
    enum Body: Sendable {
        case none
        case json(Data)
        case file(HostPath)
    }

    /// What came back.
    struct Answer: Sendable {
        let status: Int
        let body: Data
        /// What the service asks to wait, in seconds.
        let retryAfter: Double?
    }

    private static let curl = Tool("curl", package: "curl")
    private static let mostAnswer: UInt64 = 64 << 20

    let service: DepositService
    let token: DepositToken
    /// How often a request is made at most.
    let attempts: Int
    /// How long to wait before the second request; twice as long before each further one.
    let delay: Duration
    let console: Console

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - address: An address of the service.
    ///   - body: What to send.
    ///   - what: What it is for, for messages: "make a deposit".
    /// - Returns: The answer, whose status is 2xx.
    /// - Throws: ``HostSupport/Failure``, saying what the service said.
    func request(_ method: String, _ address: String, _ body: Body = .none, to what: String) async throws
        -> Data
    {
        guard service.owns(address) else {
            throw Failure(.badData, "the service names an address that is not its own: \(address)")
        }
        var wait = delay
        for attempt in 1...attempts {
            var problem: String
            var pause = wait
            do {
                let answer = try await ask(method, address, body)
                if (200..<300).contains(answer.status) { return answer.body }
                problem = Self.words(of: answer)
                guard answer.status == 429 || answer.status >= 500 else {
                    throw refusal(answer.status, problem, what)
                }
                if let seconds = answer.retryAfter { pause = .milliseconds(Int64(min(seconds, 3600) * 1000)) }
            } catch let failure as Unreachable {
                problem = failure.reason
            }
            guard attempt < attempts else {
                throw Failure(
                    .timeout,
                    "cannot \(what): \(service.base) failed \(attempts) times, the last time with: \(problem)",
                    hint: "the same command goes on where this one ended"
                )
            }
            console.warning("cannot \(what) yet: \(problem); trying again in \(pause.text)")
            try await Task.sleep(for: pause)
            wait = min(wait * 2, .seconds(120))
        }
        throw Failure(.internal, "no attempt was made")
    }

    private struct Unreachable: Error {
        let reason: String
    }

    private func refusal(_ status: Int, _ said: String, _ what: String) -> Failure {
        switch status {
        case 401:
            Failure(
                .notPermitted,
                "cannot \(what): the token is not valid, or has expired (\(said))",
                hint: DepositToken.hint(for: service)
            )
        case 403:
            Failure(
                .notPermitted,
                "cannot \(what): the token does not allow it (\(said))",
                hint: DepositToken.hint(for: service)
            )
        case 404:
            Failure(.notFound, "cannot \(what): there is no such deposit (\(said))")
        default: Failure(.badData, "cannot \(what): \(said)")
        }
    }

    private func ask(_ method: String, _ address: String, _ body: Body) async throws -> Answer {
        let scratch = try ScratchFolder(in: HostPath(NSTemporaryDirectory()))
        defer { scratch.remove() }
        let (head, reply) = (scratch.path / "head", scratch.path / "reply")
        var settings = [
            "url = \(Self.quoted(address))",
            "request = \(Self.quoted(method))",
            "header = \(Self.quoted("Authorization: Bearer \(token.secret)"))",
            "header = \"Accept: application/json\"",
            "dump-header = \(Self.quoted(head.string))",
            "output = \(Self.quoted(reply.string))",
            "proto = \(service.isEncrypted ? "\"=https\"" : "\"=http\"")",
            "max-filesize = \(Self.mostAnswer)",
            "connect-timeout = 30",
            // A connection over which nothing goes any more is given up.
            "speed-limit = 1",
            "speed-time = 120",
            "silent",
            "show-error",
        ]
        switch body {
        case .none:
            if method != "GET" { settings.append("header = \"Content-Length: 0\"") }
        case .json(let data):
            let file = scratch.path / "request"
            try FileSystem.write(data, to: file, mode: 0o600)
            settings += [
                "header = \"Content-Type: application/json\"",
                "data-binary = \(Self.quoted("@" + file.string))",
            ]
        case .file(let path):
            settings += [
                "header = \"Content-Type: application/octet-stream\"",
                "upload-file = \(Self.quoted(path.string))",
            ]
        }
        // By standard input: other users can read argument vectors.
        let output = try await Self.curl.output(
            ["--disable", "--config", "-"],
            input: settings.joined(separator: "\n") + "\n"
        )
        let lines = ((try? FileSystem.readText(head, limit: 1 << 20)) ?? "").split(
            whereSeparator: \.isNewline
        )
        let status = lines.last { $0.hasPrefix("HTTP/") }
            .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }
        guard output.status == .exited(0), let status else {
            // A service that refuses an upload answers before it has all of it, and hangs up.
            if let status, status >= 400, output.status != .exited(0) {
                return Answer(
                    status: status,
                    body: (try? FileSystem.read(reply)) ?? Data(),
                    retryAfter: Self.wait(lines)
                )
            }
            // A certificate that is not valid, a file that cannot be read: neither gets better.
            if case .exited(let code) = output.status, [26, 58, 60, 77].contains(code) {
                throw Failure(
                    .system,
                    "cannot reach \(service.base): \(output.standardError.firstLine ?? "curl failed")"
                )
            }
            throw Unreachable(reason: output.standardError.firstLine ?? "curl \(output.status)")
        }
        let data = FileSystem.exists(reply) ? try FileSystem.read(reply) : Data()
        return Answer(status: status, body: data, retryAfter: Self.wait(lines))
    }

    /// What `Retry-After` says: seconds, or a date (RFC 9110, 10.2.3).
    static func wait(_ lines: [Substring], now: Date = Date()) -> Double? {
        let name = "retry-after:"
        guard let line = lines.last(where: { $0.lowercased().hasPrefix(name) }) else { return nil }
        let value = line.dropFirst(name.count).trimmingCharacters(in: .whitespaces)
        if let seconds = Double(value), seconds >= 0 { return seconds }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: value).map { max(0, $0.timeIntervalSince(now)) }
    }

    /// What the service says is wrong, in one line.
    private static func words(of answer: Answer) -> String {
        struct Problem: Decodable {
            struct Detail: Decodable {
                let field: String?
                let message: String?
                let messages: [String]?
            }

            let message: String?
            let errors: [Detail]?
        }
        guard let problem = try? JSONDecoder().decode(Problem.self, from: answer.body) else {
            return "status \(answer.status)"
        }
        let details = (problem.errors ?? []).map { detail in
            [detail.field, detail.message ?? detail.messages?.joined(separator: ", ")].compactMap { $0 }
                .joined(separator: ": ")
        }
        let text = ([problem.message].compactMap { $0 } + details).joined(separator: "; ")
        return Console.printable("status \(answer.status)" + (text.isEmpty ? "" : ": \(text.prefix(1000))"))
    }

    /// A value in curl's configuration.
    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n").replacing("\r", with: "\\r").replacing("\t", with: "\\t")
        return "\"\(escaped)\""
    }
}
