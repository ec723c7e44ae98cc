import HostSupport
import RunRecords

/// The guest's agent, spoken to through the second serial port (`guest/README.md` has the protocol).
///
/// The guest is hostile: lines and their number are limited, and what it says is never run.
actor AgentChannel {
    /// What is made of an archive.
    enum Request: String {
        /// It is run, and the agent goes on listening.
        case prepare
        /// It is run, and the agent is gone for the rest of the boot.
        case bootstrap
    }

    private let connection: UnixConnection
    private var buffer: [UInt8] = []
    private static let greeting = "pandacap-agent 2 ready"
    private static let longestLine = 4096
    private static let mostLines = 2000

    init(connection: UnixConnection) {
        self.connection = connection
    }

    /// Waits until the guest's agent says that it is there.
    ///
    /// - Parameter limit: How long to wait.
    /// - Returns: Whether it said so in time.
    /// - Throws: `Failure` where the agent speaks another protocol; `CancellationError`.
    func waitUntilReady(within limit: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + limit
        while let line = try await line(until: deadline) {
            guard line.hasPrefix("pandacap-agent ") else { continue }
            guard line == Self.greeting else {
                throw Failure(
                    .guest,
                    "the guest's agent says '\(line)'; this program speaks version 2 of its protocol",
                    hint: "build the image anew: pandacap image build"
                )
            }
            return true
        }
        return false
    }

    /// Asks an agent that was there before whether it still is, as after a resume.
    ///
    /// - Parameter limit: How long it may take.
    /// - Returns: Whether it answered in time.
    /// - Throws: As ``waitUntilReady(within:)``.
    func greet(within limit: Duration) async throws -> Bool {
        try await connection.write(Array("hello\n".utf8))
        return try await waitUntilReady(within: limit)
    }

    /// Hands an archive to the guest, which unpacks it and runs its `bootstrap.sh`.
    ///
    /// - Parameters:
    ///   - archive: A tar archive.
    ///   - request: What the agent does afterwards.
    ///   - limit: How long the guest may take.
    /// - Returns: As ``result(within:)``.
    /// - Throws: As ``result(within:)``.
    func handOver(
        _ archive: [UInt8],
        as request: Request = .bootstrap,
        within limit: Duration
    ) async throws -> RunRecord.Bootstrap {
        try await connection.write(Array("\(request.rawValue) \(archive.count)\n".utf8) + archive)
        return try await result(within: limit)
    }

    /// Has the guest run `bootstrap.sh` from a disk labelled `bootstrap`.
    ///
    /// - Parameter limit: How long the guest may take.
    /// - Returns: As ``result(within:)``.
    /// - Throws: As ``result(within:)``.
    func runVolume(within limit: Duration) async throws -> RunRecord.Bootstrap {
        try await connection.write(Array("volume\n".utf8))
        return try await result(within: limit)
    }

    /// Waits for the end of a `bootstrap.sh` that the guest has begun.
    ///
    /// - Parameter limit: How long the guest may take.
    /// - Returns: What the script said and its exit status, which is missing where it did not end in time.
    /// - Throws: `Failure` where the guest refuses; `CancellationError`.
    func result(within limit: Duration) async throws -> RunRecord.Bootstrap {
        let deadline = ContinuousClock.now + limit
        var output: [String] = []
        while let line = try await line(until: deadline) {
            if line.hasPrefix("| "), output.count < Self.mostLines {
                output.append(String(line.dropFirst(2)))
            } else if line.hasPrefix("done "), let status = Int32(line.dropFirst(5)) {
                return RunRecord.Bootstrap(status: status, output: output)
            } else if line.hasPrefix("error ") {
                throw Failure(.guest, "the guest's agent refused the bootstrap: \(line.dropFirst(6))")
            }
        }
        return RunRecord.Bootstrap(status: nil, output: output)
    }

    /// The next line without its end, with control characters made visible; nothing where the time is over.
    private func line(until deadline: ContinuousClock.Instant) async throws -> String? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeSubrange(...end)
                return Console.printable(line.hasSuffix("\r") ? String(line.dropLast()) : line)
            }
            guard buffer.count <= Self.longestLine else {
                throw Failure(.guest, "the guest's agent sent a line of more than \(Self.longestLine) bytes")
            }
            guard ContinuousClock.now < deadline else { return nil }
            guard let bytes = connection.readAvailable(limit: Self.longestLine) else {
                throw Failure(.guest, "the guest's agent is gone")
            }
            buffer += bytes
            if bytes.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        }
    }
}
