import HostSupport

/// What a container sees of the host.
struct ContainerMounts {
    /// A folder or file of the host in a container.
    struct Mount: Equatable {
        let source: HostPath
        let target: HostPath
        var isReadOnly = false

        /// As `docker run --mount` takes it: CSV, in which a field with a comma or a quote is quoted.
        var option: String {
            let fields = ["type=bind", "src=\(source)", "dst=\(target)"] + (isReadOnly ? ["readonly"] : [])
            return fields.map { field in
                guard field.contains(where: { ",\"".contains($0) }) else { return field }
                return "\""
                    + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                    + "\""
            }.joined(separator: ",")
        }
    }

    /// The names that the original gave to places in the container.
    static let names = ["bootstrap", "qcow", "rr", "x11"]

    /// The folders that the user named, by those names.
    private(set) var sources: [String: HostPath] = [:]

    /// Reads `DST:SRC`.
    ///
    /// - Parameter words: What the user named.
    /// - Throws: `Failure` where there is no such place, or no such folder.
    init(_ words: [String]) throws {
        for word in words {
            let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, Self.names.contains(parts[0]) else {
                throw Failure(
                    .usage,
                    "'\(word)' is no mount of a container",
                    hint:
                        "write DST:SRC; DST is one of \(Self.names.joined(separator: ", ")), SRC a folder of the host"
                )
            }
            guard let source = FileSystem.resolved(HostPath(parts[1])), FileSystem.isDirectory(source) else {
                throw Failure(.notFound, "there is no folder '\(parts[1])' to be mounted as '\(parts[0])'")
            }
            sources[parts[0]] = source
        }
    }
}
