import Bootstrap
import HostSupport

/// The session's bundle, and the user's after it, as a disk for guests that run `bootstrap.sh` from one when they boot.
struct SessionVolume: Sendable {
    private let installation: Installation

    /// - Parameter installation: Where `guest/session` and the programs for guests lie.
    init(installation: Installation) {
        self.installation = installation
    }

    /// Makes the disk.
    ///
    /// - Parameters:
    ///   - plan: The guest; its keys have been made.
    ///   - purpose: What it is prepared for.
    /// - Throws: `Failure` where it cannot be made.
    func make(for plan: GuestPlan, _ purpose: SessionBundle.Purpose) async throws {
        let folder = plan.runtime.bundle
        if let given = plan.volume {
            return try await UserVolume(folder: given, installation: installation).make(
                in: folder,
                disk: plan.runtime.bundleDisk
            )
        }
        try await SessionBundle(installation: installation).write(for: plan, purpose)
        try FileSystem.rename(folder / "bootstrap.sh", to: folder / "session.sh")
        try Self.addScript(of: installation, to: folder)
        if plan.bundle != nil {
            try FileSystem.rename(plan.runtime.renderedGuest, to: folder / "bundle")
        }
        try await BootstrapVolume.make(plan.runtime.bundleDisk, from: folder)
    }

    /// Puts the script into a folder that tells the host how the others ended.
    static func addScript(of installation: Installation, to folder: HostPath) throws {
        let script = folder / "bootstrap.sh"
        try FileSystem.copy(installation.guestFiles / "session/volume-bootstrap.sh", to: script)
        // The guests' own scripts run it only if they may.
        try FileSystem.setMode(script, 0o755)
    }
}
