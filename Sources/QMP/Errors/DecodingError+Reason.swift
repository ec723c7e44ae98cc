/// A short reason for an error that a decoder threw.
func reason(of error: any Error) -> String {
    (error as? DecodingError)?.reason ?? quoted(String(describing: error))
}

extension DecodingError {
    /// A short reason without the nested errors that the standard description drags along.
    var reason: String {
        switch self {
        case .keyNotFound(let key, let context):
            "key \(quoted(key.stringValue)) is missing\(Self.place(context))"
        case .valueNotFound(_, let context), .typeMismatch(_, let context), .dataCorrupted(let context):
            quoted(context.debugDescription) + Self.place(context)
        @unknown default:
            quoted(String(describing: self))
        }
    }

    private static func place(_ context: Context) -> String {
        guard !context.codingPath.isEmpty else { return "" }
        return " in " + quoted(context.codingPath.map(\.stringValue).joined(separator: "."))
    }
}
