import HostSupport

/// The folders of the host that a container sees at places that the original named.
struct DockerMounts {
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
