import Glibc
public import HostSupport

/// Files of root's that an engine without root's rights works on: they are given to its user, and taken back.
public struct FileHandover: Sendable, Hashable, Codable {
    /// What was given, to be taken back.
    struct Gift: Sendable {
        fileprivate let user: ContainerUser
        fileprivate let paths: [HostPath]
        /// What the user had there before, and keeps.
        fileprivate let formerly: Set<HostPath>

        /// Takes back what is left of it, and whatever the engine made in it.
        func takeBack() {
            for path in paths { FileSystem.takeOver(path, from: user.user, except: formerly) }
        }
    }

    /// The engine's user.
    public let user: ContainerUser
    /// The files and folders.
    public let paths: [HostPath]

    /// Gives the files to the engine's user; those of somebody else's are left to him.
    ///
    /// - Returns: What was given.
    /// - Throws: ``HostSupport/Failure`` where one is not there, or not root's to give.
    func give() throws -> Gift {
        let own = paths.filter { FileSystem.owner(of: $0) != user.user }
        let formerly = Set(own.flatMap { FileSystem.belongings(of: user.user, in: $0) })
        for path in own { try Self.give(path, to: user) }
        return Gift(user: user, paths: own, formerly: formerly)
    }

    /// Gives one file to the engine's user.
    ///
    /// - Parameters:
    ///   - path: The file, or a folder without what is in it.
    ///   - user: The user.
    /// - Throws: ``HostSupport/Failure`` where it is not there, or somebody else's than root's.
    static func give(_ path: HostPath, to user: ContainerUser) throws {
        guard let owner = FileSystem.owner(of: path), owner == geteuid() else {
            throw Failure(
                .notPermitted,
                "\(path) is neither yours nor the container's user's (\(user)), who has to write there",
                hint: "name another folder, or its owner with --container-user"
            )
        }
        guard lchown(path.string, user.user, user.group) == 0 else {
            throw Failure(
                .inputOutput,
                "cannot give \(path) to the container's user \(user): \(systemMessage(errno))"
            )
        }
    }
}
