import Glibc
import HostSupport

extension ContainerUser {
    /// Who runs an engine in a container of an image.
    ///
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - image: The image.
    ///   - runtime: Docker or Podman.
    /// - Returns: The user that was named; else one whose files are this user's on the host, but never root there.
    /// - Throws: `Failure` with `notFound` where the image does not know the user that was named.
    static func of(_ request: ContainerRequest, _ image: FoundImage, _ runtime: ContainerRuntime)
        async throws
        -> ContainerUser
    {
        if let name = request.user { return try await named(name, image, runtime) }
        // Root of a daemon without root is this user, and others of its containers are nobody on this host.
        if runtime.kind == .docker, runtime.isRootless { return ContainerUser(user: 0, group: 0) }
        if geteuid() == 0, !runtime.isRootless { return request.unprivileged }
        return ContainerUser(user: geteuid(), group: getegid())
    }

    private static func named(_ name: String, _ image: FoundImage, _ runtime: ContainerRuntime)
        async throws
        -> ContainerUser
    {
        func number(_ option: String) async throws -> UInt32 {
            let output = try await runtime.tool.output(
                ContainerLaunch.question + [
                    "--entrypoint", "id", image.id, option, "--", name,
                ]
            )
            let said = output.standardOutput.split(whereSeparator: \.isWhitespace).first ?? ""
            guard output.status == .exited(0), let number = UInt32(said) else {
                throw Failure(
                    .notFound,
                    "the container image '\(image.name)' has no user '\(name)': \(ContainerRuntime.words(of: output))"
                )
            }
            return number
        }
        return ContainerUser(user: try await number("-u"), group: try await number("-g"))
    }
}
