public import HostSupport
public import PandaEngine
public import RunRecords

/// Where engines come from: this host, or the image of a container.
public enum EngineSource: Sendable {
    /// An engine of this host; one that the kernel cannot confine is used where the user accepts that.
    case host(EngineFinder)
    /// The engine of an image.
    case container(ContainerRequest, ContainerRuntime.Kind?)

    /// What the name of an engine begins with that is in an image.
    public static let prefix = "container:"

    /// A path by which an engine of this source can find things, too: in a container there are none of the links in it.
    ///
    /// - Parameter path: The path.
    /// - Returns: The path made absolute, and for a container's engine without links.
    public func path(_ path: HostPath) -> HostPath {
        switch self {
        case .host: FileSystem.absolute(path)
        case .container: FileSystem.settled(path)
        }
    }

    /// The engine to use for guests of an architecture.
    ///
    /// - Parameters:
    ///   - architecture: The guests' architecture.
    ///   - cache: Where is kept what engines of images say of themselves.
    /// - Returns: The engine.
    /// - Throws: ``HostSupport/Failure`` where there is none, saying where it was looked for and how to get it.
    public func find(_ architecture: GuestArchitecture, cache: HostPath = Storage.cache) async throws
        -> UsableEngine
    {
        switch self {
        case .host(let finder):
            let engine = try await finder.find(architecture)
            return UsableEngine(
                place: .host(
                    try await finder.description(of: engine),
                    landlock: try await Launcher.confinementVersion()
                ),
                architecture: architecture,
                request: ContainerRequest(image: "")
            )
        case .container(let request, let kind):
            let runtime = try await ContainerRuntime.find(kind)
            let image = try await FoundImage.find(request.image, runtime)
            let engine = try await ImageEngine.of(image, architecture, runtime, cache: cache)
            return UsableEngine(
                place: .image(engine, image, runtime),
                architecture: architecture,
                request: request
            )
        }
    }
}
