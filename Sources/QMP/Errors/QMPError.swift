/// An error of the QMP client: what kind it is, what happened, and what caused it.
///
/// Cancelling the calling task is the one failure that is not reported as a `QMPError`; it throws
/// `CancellationError`, so that the two can be told apart.
public struct QMPError: Error, Sendable {
    /// What kind of error it is.
    public var code: Code

    /// What happened, in lower case and without a full stop.
    ///
    /// Text that came from the emulator is quoted, escaped and shortened.
    public var message: String

    /// The error that led to this one, such as a ``QMPServerError`` or a decoding error.
    public var underlyingError: (any Error)?

    /// Creates an error.
    public init(_ code: Code, _ message: String, underlyingError: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlyingError = underlyingError
    }
}

extension QMPError: CustomStringConvertible {
    /// The code, the message, and the cause if there is one.
    public var description: String {
        guard let underlyingError else { return "\(code): \(message)" }
        return "\(code): \(message) (\(underlyingError))"
    }
}
