import Bootstrap
import HostSupport
import RunRecords

extension BundlePlan {
    /// Renders the bundle.
    ///
    /// - Parameter folder: Where to; only this user can enter it.
    /// - Throws: `Failure` where the bundle is not sound any more, or one of its templates is wrong.
    func render(into folder: HostPath) async throws {
        let installation = try Installation.locate()
        let renderer = try BundleRenderer(
            try BootstrapBundle(record.folder, in: installation),
            values: values,
            adding: added,
            installation: installation
        )
        try await renderer.render(into: folder, runID: runID)
    }
}
