import Foundation
import Glibc

extension FileSystem {
    /// Makes this user, who must be root, the owner of what another user has in a folder.
    ///
    /// Links are not followed, so nothing outside of the folder changes hands.
    ///
    /// - Parameters:
    ///   - path: The folder, which is taken over itself, too; or a file.
    ///   - user: The user's number.
    public static func takeOver(_ path: HostPath, from user: UInt32) {
        takeOverOne(path, from: user)
        guard FileKind(path)?.kind == .folder else { return }
        let names = FileManager.default.enumerator(atPath: path.string)
        while let name = names?.nextObject() as? String { takeOverOne(path / name, from: user) }
    }

    private static func takeOverOne(_ path: HostPath, from user: UInt32) {
        var status = stat()
        guard lstat(path.string, &status) == 0, status.st_uid == user else { return }
        lchown(path.string, geteuid(), getegid())
    }

    /// The number of the user who owns a file; nothing where there is none.
    public static func owner(of path: HostPath) -> UInt32? {
        var status = stat()
        return lstat(path.string, &status) == 0 ? status.st_uid : nil
    }
}
