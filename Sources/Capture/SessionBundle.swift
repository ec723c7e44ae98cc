import Foundation
import HostSupport

/// What every run hands to its guest before the recording: who may log in, and what the recording is called.
struct SessionBundle: Sendable {
    /// The line that the guest tells its ssh host key in.
    static let hostKeyPrefix = "host-key: "

    private let script: HostPath

    /// - Parameter installation: Where `guest/session/bootstrap.sh` lies.
    init(installation: Installation) {
        script = installation.guestFiles / "session/bootstrap.sh"
    }

    /// Writes the bundle and packs it.
    ///
    /// - Parameters:
    ///   - runtime: The private folder of the run.
    ///   - authorizedKey: Who may log in.
    ///   - sessionName: What a login's recording is called; none where logins are not recorded.
    /// - Returns: A tar archive.
    /// - Throws: `Failure` where it cannot be written or packed.
    func pack(in runtime: RuntimeFolder, authorizedKey: String, sessionName: String?) async throws -> [UInt8]
    {
        try FileSystem.createDirectory(runtime.bundle / "files", mode: 0o700)
        try FileSystem.copy(script, to: runtime.bundle / "bootstrap.sh")
        try FileSystem.write(authorizedKey, to: runtime.bundle / "files/authorized_keys", mode: 0o600)
        if let sessionName {
            try FileSystem.write(sessionName + "\n", to: runtime.bundle / "files/session")
        }
        var generator = SystemRandomNumberGenerator()
        let seed = Data((0..<256).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        try FileSystem.write(seed, to: runtime.bundle / "files/seed", mode: 0o600)
        try await Tool("tar", package: "tar").run([
            "--create", "--file", runtime.bundleArchive.string, "--format=ustar", "--owner=0", "--group=0",
            "--directory", runtime.bundle.string, ".",
        ])
        return Array(try FileSystem.read(runtime.bundleArchive))
    }
}
