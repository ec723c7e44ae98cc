import Foundation
import Glibc

/// The folders of the user that PANDAcap keeps things in, as the XDG base directory specification says.
public enum Storage {
    /// Engines and guest images: `PANDACAP_HOME`, else `pandacap` in the XDG data folder.
    public static var home: HostPath {
        folder(override: "PANDACAP_HOME", xdg: "XDG_DATA_HOME", fallback: ".local/share")
    }

    /// Downloads, which can be had again: `PANDACAP_CACHE`, else `pandacap` in the XDG cache folder.
    public static var cache: HostPath {
        folder(override: "PANDACAP_CACHE", xdg: "XDG_CACHE_HOME", fallback: ".cache")
    }

    /// Files that nobody needs for long: `TMPDIR`, else `/tmp`.
    public static var temporary: HostPath { HostPath(NSTemporaryDirectory()) }

    /// Where a folder for sockets and keys goes: `pandacap/NAME` in `XDG_RUNTIME_DIR`, or else in a folder of this
    /// user's below `/tmp`; both are short enough for sockets.
    public static func runtimeDirectory(_ name: String) -> HostPath { runtimeFolder / name }

    /// Makes a folder for sockets and keys that only this user can enter.
    ///
    /// Folders whose processes died are removed on the way: nobody holds their locks.
    ///
    /// - Parameter name: What to call it.
    /// - Returns: The lock on the folder that ``runtimeDirectory(_:)`` names; hold it as long as the folder is used.
    /// - Throws: ``Failure`` where it cannot be made, or where another user owns it.
    public static func makeRuntimeDirectory(_ name: String) throws -> FileLock {
        try makePrivateDirectory(name, below: runtimeFolder)
    }

    static func makePrivateDirectory(_ name: String, below parent: HostPath) throws -> FileLock {
        try FileSystem.createDirectory(parent, mode: 0o700)
        var status = stat()
        guard lstat(parent.string, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
            status.st_uid == geteuid(), status.st_mode & 0o077 == 0
        else {
            throw Failure(
                .notPermitted,
                "\(parent) is not a folder that only this user can enter",
                hint: "remove it, or set XDG_RUNTIME_DIR to a private folder"
            )
        }
        let path = parent / name
        let order = try FileLock(parent / ".lock")
        defer { withExtendedLifetime(order) {} }
        // One whose owner is removing it looks the same, and what both remove one of them does not find any more.
        for other in leftOver(in: parent) { try? FileSystem.remove(other) }
        guard try FileSystem.claimDirectory(path, mode: 0o700) else {
            throw Failure(.cannotCreate, "the folder \(path) is in use")
        }
        return try FileLock(path / "lock")
    }

    /// Removes folders for sockets and keys whose processes died.
    ///
    /// - Parameter isPlan: Whether they are only looked for.
    /// - Returns: The folders.
    /// - Throws: ``Failure`` where they cannot be looked for.
    public static func removeLeftRuntimeDirectories(isPlan: Bool = false) throws -> [HostPath] {
        let parent = runtimeFolder
        guard FileSystem.isDirectory(parent) else { return [] }
        // Whoever makes one has no lock on it yet.
        let order = try FileLock(parent / ".lock")
        defer { withExtendedLifetime(order) {} }
        let found = leftOver(in: parent)
        if !isPlan { for path in found { try? FileSystem.remove(path) } }
        return isPlan ? found : found.filter { !FileSystem.exists($0) }
    }

    private static func leftOver(in parent: HostPath) -> [HostPath] {
        FileSystem.list(parent).filter { $0 != ".lock" }.map { parent / $0 }
            .filter { (try? FileLock(unlessHeld: $0 / "lock")) != nil }
    }

    private static var runtimeFolder: HostPath {
        let environment = ProcessInfo.processInfo.environment
        if let folder = environment["XDG_RUNTIME_DIR"], folder.hasPrefix("/"), folder.utf8.count < 40 {
            return HostPath(folder) / "pandacap"
        }
        return HostPath("/tmp/pandacap-\(geteuid())")
    }

    private static func folder(override: String, xdg: String, fallback: String) -> HostPath {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment[override], !path.isEmpty { return FileSystem.absolute(HostPath(path)) }
        if let path = environment[xdg], path.hasPrefix("/") { return HostPath(path) / "pandacap" }
        return HostPath(NSHomeDirectory()) / fallback / "pandacap"
    }
}
