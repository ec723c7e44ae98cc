import Foundation
import Glibc

/// A folder for large files that are needed for a while, which only this user can enter.
///
/// It is locked as long as it is used. Those beside it whose processes died are removed when another one is made.
public final class ScratchFolder: Sendable {
    /// The folder.
    public let path: HostPath
    private let lock: FileLock

    /// Makes a folder.
    ///
    /// - Parameter parent: The folder in which to make it, which exists.
    /// - Throws: ``Failure`` where it cannot be made.
    public init(in parent: HostPath) throws {
        let prefix = ".scratch-"
        for name in FileSystem.list(parent) where name.hasPrefix(prefix) && !name.hasSuffix(".lock") {
            let file = parent / (name + ".lock")
            guard let lock = try? FileLock(unlessHeld: file) else { continue }
            try withExtendedLifetime(lock) {
                try FileSystem.remove(parent / name)
                try FileSystem.remove(file)
            }
        }
        path = parent / "\(prefix)\(getpid())-\(UInt32.random(in: .min ... .max))"
        // Before the folder: one without a lock is taken for a dead process's.
        lock = try FileLock(unlessHeld: HostPath(path.string + ".lock"))
        guard try FileSystem.claimDirectory(path, mode: 0o700) else {
            throw Failure(.cannotCreate, "the folder \(path) is in use")
        }
    }

    /// Removes the folder with all that is in it.
    public func remove() {
        try? FileSystem.remove(path)
        try? FileSystem.remove(HostPath(path.string + ".lock"))
    }
}
