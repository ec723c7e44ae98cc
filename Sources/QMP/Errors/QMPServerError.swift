/// What the emulator said when it refused a command.
public struct QMPServerError: Error, Hashable, Sendable, Decodable {
    /// The class of the error, such as `GenericError` or `CommandNotFound`.
    public var errorClass: String

    /// The emulator's text for people, unescaped; do not rely on its wording.
    public var text: String

    private enum CodingKeys: String, CodingKey {
        case errorClass = "class"
        case text = "desc"
    }

    /// Creates an error from its class and its text.
    public init(errorClass: String, text: String) {
        self.errorClass = errorClass
        self.text = text
    }
}

extension QMPServerError {
    func refusal(of command: String) -> QMPError {
        let code: QMPError.Code = errorClass == "CommandNotFound" ? .commandNotFound : .commandFailed
        return QMPError(
            code,
            "the emulator refused \(quoted(command)): \(quoted(text)) (\(quoted(errorClass)))",
            underlyingError: self
        )
    }
}
