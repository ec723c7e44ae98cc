import Foundation

extension QMPClient {
    /// Sends any command and decodes what it returns.
    ///
    /// On the wire: `{"execute": command, "arguments": arguments, "id": n}`. Commands are sent in the order
    /// of the calls and need not wait for one another.
    ///
    /// - Parameters:
    ///   - command: The name of the command.
    ///   - arguments: A value that encodes as an object.
    ///   - returning: The type of what the command returns.
    ///   - timeout: How long to wait for the reply; a late reply is ignored.
    /// - Returns: What stands under `return` in the reply.
    /// - Throws: ``QMPError``, or `CancellationError` if the task is cancelled. In both cases the emulator
    ///   may have carried out the command.
    public func execute<Arguments: Encodable & Sendable, Reply: Decodable & Sendable>(
        _ command: String,
        arguments: Arguments,
        returning: Reply.Type,
        timeout: Duration = defaultTimeout
    ) async throws -> Reply {
        try await perform(OutboundCommand(command, arguments: arguments), returning: Reply.self, timeout)
    }

    /// Sends a command that takes no arguments and decodes what it returns.
    ///
    /// - Parameters:
    ///   - command: The name of the command.
    ///   - returning: The type of what the command returns.
    ///   - timeout: How long to wait for the reply; a late reply is ignored.
    /// - Returns: What stands under `return` in the reply.
    /// - Throws: ``QMPError``, or `CancellationError` if the task is cancelled.
    public func execute<Reply: Decodable & Sendable>(
        _ command: String,
        returning: Reply.Type,
        timeout: Duration = defaultTimeout
    ) async throws -> Reply {
        let command = try OutboundCommand(command, arguments: NoArguments?.none)
        return try await perform(command, returning: Reply.self, timeout)
    }

    /// Sends a command and ignores what it returns.
    ///
    /// - Parameters:
    ///   - command: The name of the command.
    ///   - arguments: A value that encodes as an object.
    ///   - timeout: How long to wait for the reply; a late reply is ignored.
    /// - Throws: ``QMPError``, or `CancellationError` if the task is cancelled.
    public func execute<Arguments: Encodable & Sendable>(
        _ command: String,
        arguments: Arguments,
        timeout: Duration = defaultTimeout
    ) async throws {
        _ = try await connection.perform(OutboundCommand(command, arguments: arguments), timeout: timeout)
    }

    /// Sends a command that takes no arguments and ignores what it returns.
    ///
    /// - Parameters:
    ///   - command: The name of the command.
    ///   - timeout: How long to wait for the reply; a late reply is ignored.
    /// - Throws: ``QMPError``, or `CancellationError` if the task is cancelled.
    public func execute(_ command: String, timeout: Duration = defaultTimeout) async throws {
        let command = try OutboundCommand(command, arguments: NoArguments?.none)
        _ = try await connection.perform(command, timeout: timeout)
    }

    private func perform<Reply: Decodable>(
        _ command: OutboundCommand,
        returning: Reply.Type,
        _ timeout: Duration
    ) async throws -> Reply {
        let line = try await connection.perform(command, timeout: timeout)
        do {
            return try JSONDecoder().decode(ReturnMessage<Reply>.self, from: Data(line)).value
        } catch {
            throw QMPError(
                .unexpectedReply,
                "failed to decode the reply to \(quoted(command.name)): \(reason(of: error))",
                underlyingError: error
            )
        }
    }
}
