import HostSupport

/// Where a guest may connect to by itself; whoever connects to the guest is answered in any case.
public enum EgressPolicy: Sendable, Hashable {
    /// Nowhere.
    case denied
    /// To what is listed.
    case allowed([String])
    /// Wherever the host's user may.
    case open
}

extension EgressPolicy: Codable {
    private enum Key: String, CodingKey { case allow }

    /// Decodes `denied`, `open`, or an object whose key `allow` has a list.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: `DecodingError` where it is none of these.
    public init(from decoder: any Decoder) throws {
        if let keyed = try? decoder.container(keyedBy: Key.self) {
            self = .allowed(try keyed.decode([String].self, forKey: .allow))
            return
        }
        let container = try decoder.singleValueContainer()
        switch try container.decode(String.self) {
        case "denied": self = .denied
        case "open": self = .open
        case let word:
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(word)' is neither 'denied' nor 'open', nor a list under 'allow'"
            )
        }
    }

    /// Encodes the policy as it is decoded.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .allowed(let list):
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(list, forKey: .allow)
        case .denied, .open:
            var container = encoder.singleValueContainer()
            try container.encode(self == .open ? "open" : "denied")
        }
    }
}
