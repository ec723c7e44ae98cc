import Foundation
import Glibc

extension FileSystem {
    /// The number of the user who owns a file, links not followed; nothing where there is none.
    public static func owner(of path: HostPath) -> UInt32? {
        var status = stat()
        return lstat(path.string, &status) == 0 ? status.st_uid : nil
    }

    /// What a user has in a folder, the folder itself among it where it is his; links are not followed.
    ///
    /// - Parameters:
    ///   - user: The user's number.
    ///   - path: The folder, or a file.
    /// - Returns: The paths.
    public static func belongings(of user: UInt32, in path: HostPath) -> [HostPath] {
        var all = [path]
        if FileKind(path)?.kind == .folder, let names = FileManager.default.enumerator(atPath: path.string) {
            while let name = names.nextObject() as? String { all.append(path / name) }
        }
        return all.filter { owner(of: $0) == user }
    }

    /// Makes this user, who must be root, the owner of what another user has in a folder.
    ///
    /// Links are not followed, so nothing outside of the folder changes hands.
    ///
    /// - Parameters:
    ///   - path: The folder, which is taken over itself, too; or a file.
    ///   - user: The user's number.
    ///   - kept: What stays his.
    public static func takeOver(_ path: HostPath, from user: UInt32, except kept: Set<HostPath> = []) {
        for path in belongings(of: user, in: path) where !kept.contains(path) {
            lchown(path.string, geteuid(), getegid())
        }
    }
}
