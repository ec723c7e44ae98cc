import Foundation

/// A command, encoded except for its id, which the connection gives it.
struct OutboundCommand: Sendable {
    let name: String
    private let head: [UInt8]

    private struct Message<Arguments: Encodable>: Encodable {
        let execute: String
        let arguments: Arguments?
    }

    init(_ name: String, arguments: (some Encodable)?) throws(QMPError) {
        self.name = name
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        do {
            head = Array(try encoder.encode(Message(execute: name, arguments: arguments)).dropLast())
        } catch {
            throw QMPError(
                .invalidArgument,
                "failed to encode the arguments of \(quoted(name))",
                underlyingError: error
            )
        }
    }

    /// The line to send.
    func line(id: UInt64) -> [UInt8] {
        head + Array(",\"id\":\(id)}\n".utf8)
    }
}

/// Arguments of a command that takes none.
struct NoArguments: Encodable {}
