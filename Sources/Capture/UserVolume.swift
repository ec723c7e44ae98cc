import Bootstrap
import Foundation
import HostSupport

/// A folder of the user's as a disk for a guest that runs `bootstrap.sh` from it when it boots, as the original's did.
struct UserVolume: Sendable {
    let folder: HostPath
    let installation: Installation

    /// Makes the disk: a script of ours that runs the folder's and tells the host how it ended, and the folder.
    ///
    /// - Parameters:
    ///   - scratch: Where the disk's contents are put together.
    ///   - disk: The disk.
    /// - Throws: `Failure` where it cannot be made.
    func make(in scratch: HostPath, disk: HostPath) async throws {
        try FileSystem.remove(scratch)
        try FileSystem.createDirectory(scratch, mode: 0o755)
        try SessionVolume.addScript(of: installation, to: scratch)
        try await Tool("cp", package: "coreutils").run([
            "--recursive", "--no-dereference", "--preserve=mode,timestamps", "--", folder.string,
            (scratch / "bundle").string,
        ])
        try await BootstrapVolume.make(disk, from: scratch)
    }

    /// Sees that a folder can be handed over, before anything is started.
    ///
    /// - Parameter folder: The folder.
    /// - Throws: `Failure` with `notFound` where it is none, or lacks its script; `usage` where that may not be run.
    static func check(_ folder: HostPath) throws {
        guard FileSystem.isDirectory(folder) else {
            throw Failure(
                .notFound,
                "'\(folder)' is no folder",
                hint: "name the folder that has bootstrap.sh"
            )
        }
        guard FileSystem.exists(folder / "bootstrap.sh") else {
            throw Failure(
                .notFound,
                "the folder '\(folder)' has no bootstrap.sh, so the guest would not take it",
                hint: "a bundle is rendered first; name the 'vm' folder of what that made"
            )
        }
        guard FileManager.default.isExecutableFile(atPath: (folder / "bootstrap.sh").string) else {
            throw Failure(
                .usage,
                "the script \(folder / "bootstrap.sh") may not be run",
                hint: "give it its run bits: chmod +x"
            )
        }
    }
}
