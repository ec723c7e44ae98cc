import Glibc
public import HostSupport

/// Files of root's that an engine without root's rights works on: they are given to its user, and taken back.
public struct FileHandover: Sendable, Hashable, Codable {
    /// The engine's user.
    public let user: ContainerUser
    /// The files and folders.
    public let paths: [HostPath]

    /// Gives the files to the engine's user.
    ///
    /// - Throws: ``HostSupport/Failure`` where one is not there, or not root's to give.
    public func give() throws {
        for path in paths { try Self.give(path, to: user) }
    }

    /// Gives one further file to the engine's user.
    ///
    /// - Parameters:
    ///   - path: The file, or a folder without what is in it.
    ///   - user: The user.
    /// - Throws: ``HostSupport/Failure`` where it is not there, or not root's to give.
    public static func give(_ path: HostPath, to user: ContainerUser) throws {
        guard lchown(path.string, user.user, user.group) == 0 else {
            throw Failure(
                .inputOutput,
                "cannot give \(path) to the container's user \(user): \(systemMessage(errno))"
            )
        }
    }

    /// Takes back what is left of them, and whatever the engine made in them.
    public func takeBack() {
        for path in paths { FileSystem.takeOver(path, from: user.user) }
    }
}
