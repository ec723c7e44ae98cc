import Foundation
public import HostSupport
public import LinuxKernel

extension ImageStore {
    /// What is kept in an image's folder of its kernel's profile.
    private struct Kept: Codable {
        static let currentSchema = 2

        let schema: Int
        /// The SHA-256 digest of the kernel.
        let kernel: String
        var profile: KernelProfile?
        /// Why there is no profile, and what to do about it.
        var reason: String?
        var hint: String?
    }

    /// The file that keeps the profile of an image's kernel.
    public func profileFile(of image: GuestImage) -> HostPath { folder(of: image) / "kernelprofile.json" }

    /// The profile of an image's kernel, computed the first time and kept in the image's folder.
    ///
    /// That a kernel has no profile is kept, too. Where the folder cannot be written to, nothing is kept.
    ///
    /// - Parameter image: The image.
    /// - Returns: The profile.
    /// - Throws: ``HostSupport/Failure`` with `unavailable` where the kernel has none, saying why; with `bad-data`
    ///   where the kernel's file is damaged.
    public func profile(of image: GuestImage) async throws -> KernelProfile {
        guard let kernel = image.kernel else {
            throw Failure(
                .unavailable,
                "no profile can be had of the kernel: it is on the disk of the image '\(image.name)', which boots it",
                hint: "profiles are made of kernels that are booted directly"
            )
        }
        let file = profileFile(of: image)
        if let kept = kept(in: file), kept.kernel == kernel.sha256 {
            if let profile = kept.profile { return profile }
            if let reason = kept.reason { throw Failure(.unavailable, reason, hint: kept.hint) }
        }
        let vmlinux = try await KernelImage.vmlinux(of: path(of: kernel, in: image))
        var result = Kept(schema: Kept.currentSchema, kernel: kernel.sha256)
        do {
            let profile = try KernelProfile(vmlinux: vmlinux)
            result.profile = profile
            keep(result, in: file)
            return profile
        } catch let failure as Failure where failure.code == .unavailable {
            result.reason = failure.message
            result.hint = failure.hint
            keep(result, in: file)
            throw failure
        } catch var failure as Failure {
            failure.message = "the kernel \(path(of: kernel, in: image)): \(failure.message)"
            throw failure
        }
    }

    /// What was kept; a file that cannot be understood is an older or newer program's, and is made anew.
    private func kept(in file: HostPath) -> Kept? {
        guard FileSystem.exists(file), let data = try? FileSystem.read(file, limit: 1 << 20),
            let kept = try? JSONText.decode(Kept.self, from: data, source: file.string),
            kept.schema == Kept.currentSchema
        else { return nil }
        return kept
    }

    /// Keeps a profile if it can be kept: it may be another user's folder, and is computed in a second.
    private func keep(_ result: Kept, in file: HostPath) {
        guard let data = try? JSONText.encode(result) else { return }
        try? FileSystem.write(data, to: file)
    }
}
