/// What the emulator says as soon as a client connects.
public struct QMPGreeting: Hashable, Sendable {
    /// The version of the emulator.
    public var version: QMPVersion

    /// What could be switched on, such as `oob`; this client switches nothing on.
    public var capabilities: [String]

    /// Creates a greeting.
    public init(version: QMPVersion, capabilities: [String] = []) {
        self.version = version
        self.capabilities = capabilities
    }
}

extension QMPGreeting: Decodable {
    private enum CodingKeys: String, CodingKey {
        case version
        case capabilities
    }

    /// Decodes what stands under `QMP` in the greeting; capabilities that are no strings are left out.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        version = try container.decode(QMPVersion.self, forKey: .version)
        capabilities = try container.decode([JSONValue].self, forKey: .capabilities).compactMap(\.stringValue)
    }
}
