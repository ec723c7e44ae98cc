import HostSupport

/// The session's bundle as a disk, for guests that run `bootstrap.sh` from a USB disk when they boot.
struct SessionVolume: Sendable {
    /// The disk's label, by which guests find it.
    static let label = "bootstrap"

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
        try await SessionBundle(installation: installation).write(for: plan, purpose)
        let folder = plan.runtime.bundle
        try FileSystem.rename(folder / "bootstrap.sh", to: folder / "session.sh")
        try FileSystem.copy(
            installation.guestFiles / "session/volume-bootstrap.sh",
            to: folder / "bootstrap.sh"
        )
        // ext3, as old as the guests may be; QEMU hands the file on as it is.
        try await Tool("mke2fs", package: "e2fsprogs").run([
            "-q", "-t", "ext3", "-O", "^64bit", "-m", "0", "-L", Self.label, "-d", folder.string,
            plan.runtime.bundleDisk.string, "8M",
        ])
    }
}
