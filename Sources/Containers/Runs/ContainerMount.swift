public import HostSupport

/// A file or folder of the host that a container sees.
public struct ContainerMount: Sendable, Hashable, Codable {
    /// The host's path.
    public let source: HostPath
    /// The container's path.
    public let target: HostPath
    /// Whether the container cannot change it.
    public let isReadOnly: Bool

    /// Describes a mount.
    ///
    /// - Parameters:
    ///   - source: The host's path.
    ///   - target: The container's path; the host's where there is none.
    ///   - isReadOnly: Whether the container cannot change it.
    public init(_ source: HostPath, at target: HostPath? = nil, isReadOnly: Bool = false) {
        self.source = source
        self.target = target ?? source
        self.isReadOnly = isReadOnly
    }

    /// The mount as `run --mount` takes it: CSV, in which a field with a comma or a quote is quoted (RFC 4180).
    public var option: String {
        let fields = ["type=bind", "src=\(source)", "dst=\(target)"] + (isReadOnly ? ["readonly"] : [])
        return fields.map { field in
            guard field.contains(where: { ",\"".contains($0) }) else { return field }
            return "\"" + field.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",")
    }
}
