import HostSupport

/// A folder as the archive that a guest's agent takes over its serial port.
struct SerialArchive: Sendable {
    /// The port takes some 120 kB a second; more than this is for a disk.
    static let limit = ByteSize.mebibytes(8)

    let folder: HostPath

    /// Packs the folder.
    ///
    /// - Parameter archive: A file for the archive.
    /// - Returns: The archive's bytes.
    /// - Throws: `Failure` where it cannot be packed, or is larger than ``limit``.
    func pack(into archive: HostPath) async throws -> [UInt8] {
        try await Tool("tar", package: "tar").run([
            // GNU's format takes any name; nothing is filled up to ten kilobytes.
            "--create", "--file", archive.string, "--format=gnu", "--owner=0", "--group=0",
            "--blocking-factor=1", "--directory", folder.string, ".",
        ])
        let size = ByteSize(bytes: FileSystem.size(archive) ?? 0)
        guard size <= Self.limit else {
            throw Failure(
                .unavailable,
                "the bundle has \(size); over its serial port this guest takes \(Self.limit) at most",
                hint: "use an image with a disk, which is handed bundles as a disk of their own"
            )
        }
        return Array(try FileSystem.read(archive))
    }
}
