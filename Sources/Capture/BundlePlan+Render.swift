import Bootstrap
import HostSupport
import RunRecords

extension BundlePlan {
    /// Renders the bundle.
    ///
    /// - Parameters:
    ///   - folder: Where to; only this user can enter it.
    ///   - ssh: Whose key pair, made already, is the bundle's, too.
    /// - Throws: `Failure` where the bundle is not sound any more, or one of its templates is wrong.
    func render(into folder: HostPath, keyOf ssh: GuestSSH) async throws {
        let installation = try Installation.locate()
        let renderer = try BundleRenderer(
            try BootstrapBundle(record.folder, in: installation),
            values: values,
            adding: added,
            installation: installation
        )
        try renderer.take(ssh.privateKey, ssh.publicKey, for: folder)
        try await renderer.render(into: folder, runID: runID)
    }
}
