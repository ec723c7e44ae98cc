import Foundation
public import HostSupport

extension ImageStore {
    /// Makes the next version of an image from a disk that was written to, and puts it in the place of the image.
    ///
    /// Its warm states are gone with the former version. Runs of that have links to its disk, and are not disturbed.
    ///
    /// - Parameters:
    ///   - disk: A disk, which may lie over others; it stays.
    ///   - format: The disk's format, which is not guessed from what the guest wrote to it.
    ///   - image: The image, whose lock the caller holds, and that of the new name.
    ///   - name: The name of another image to make instead; its version is 1.
    /// - Returns: The new version.
    /// - Throws: ``HostSupport/Failure`` where the disk cannot be converted or the image not be replaced.
    public func publish(
        _ disk: HostPath,
        format: String = "qcow2",
        asNewVersionOf image: GuestImage,
        named name: String? = nil
    ) async throws -> GuestImage {
        guard let former = image.disk else { throw Failure(.internal, "the image \(image.name) has no disk") }
        let draft = folder / ".\(name ?? image.name).building"
        try FileSystem.remove(draft)
        try FileSystem.createDirectory(draft)
        defer { try? FileSystem.remove(draft) }
        try await DiskTools.qemuImg.run([
            "convert", "-f", format, "-O", "qcow2", "-o", "compat=0.10", disk.string,
            (draft / former.name).string,
        ])
        let kept = FileSystem.list(folder(of: image)).filter { name in
            name != former.name && name != "image.json" && FileSystem.isRegularFile(folder(of: image) / name)
        }
        for name in kept { try await FileSystem.share(folder(of: image) / name, as: draft / name) }
        let digest = try await Digest.sha256(draft / former.name)
        let next = try await image.nextVersion(
            disk: GuestImage.File(name: former.name, sha256: digest),
            named: name
        )
        try FileSystem.write(try JSONText.encode(next), to: draft / "image.json")
        for name in FileSystem.list(draft) { try FileSystem.setMode(draft / name, 0o444) }
        try publish(draft, as: next.name)
        return try load(next.name)
    }
}

extension GuestImage {
    /// The same image with another disk, and so another digest; or the first version of another image.
    func nextVersion(disk: File, named other: String? = nil) async throws -> GuestImage {
        GuestImage(
            schema: schema,
            name: other ?? name,
            version: other == nil ? version + 1 : 1,
            recipe: recipe,
            architecture: architecture,
            created: Date(),
            suite: suite,
            packages: packages,
            kernelRelease: kernelRelease,
            kernel: kernel,
            initrd: initrd,
            append: append,
            disk: disk,
            memory: memory,
            sshUser: sshUser,
            agent: agent,
            readyTimeout: readyTimeout,
            digest: try await Self.digest(
                architecture: architecture,
                kernel: kernel,
                initrd: initrd,
                append: append,
                disk: disk
            )
        )
    }
}
