extension QMPError {
    /// The kind of a ``QMPError``.
    public struct Code: Hashable, Sendable {
        private enum Kind: String {
            case invalidArgument
            case connectionFailed
            case timeout
            case disconnected
            case closed
            case protocolViolation
            case commandFailed
            case commandNotFound
            case unexpectedReply
            case unresponsive
        }

        private let kind: Kind

        /// The caller passed something that cannot be sent, such as a socket path that is too long.
        public static let invalidArgument = Code(kind: .invalidArgument)

        /// The socket could not be opened, for a reason that waiting does not cure.
        public static let connectionFailed = Code(kind: .connectionFailed)

        /// The emulator did not answer in time; the command may still be carried out.
        public static let timeout = Code(kind: .timeout)

        /// The emulator closed the connection, which is also how its end shows.
        public static let disconnected = Code(kind: .disconnected)

        /// This client was closed by its owner.
        public static let closed = Code(kind: .closed)

        /// The emulator sent something that is not QMP; the connection has been closed.
        public static let protocolViolation = Code(kind: .protocolViolation)

        /// The emulator refused the command; the cause is a ``QMPServerError``.
        public static let commandFailed = Code(kind: .commandFailed)

        /// The emulator does not know the command; the cause is a ``QMPServerError``.
        public static let commandNotFound = Code(kind: .commandNotFound)

        /// The emulator carried out the command but the reply is not of the expected type.
        public static let unexpectedReply = Code(kind: .unexpectedReply)

        /// So many commands are unanswered that no more are sent.
        public static let unresponsive = Code(kind: .unresponsive)
    }
}

extension QMPError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { kind.rawValue }
}
