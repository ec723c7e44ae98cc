public import HostSupport

/// The disk of one run: an overlay that takes what the guest writes, over disks that are only read.
///
/// The disks beneath are given names in a folder that stays beside the overlay (links where the file system allows it,
/// copies elsewhere), so that a collection can be moved as a whole and outlives its images. Each names the next by a
/// relative path and with its format, as QEMU 6.1 and newer insist.
public struct DerivedDisk: Sendable, Hashable, Codable {
    /// The overlay.
    public let path: HostPath
    /// The folder in which the disks beneath it have names.
    public let shelf: HostPath
    /// The disks beneath it, the lowest first; the name of each but the lowest leads to the one before it.
    public let layers: [HostPath]
    /// The format of the disk right beneath it.
    public let format: String

    /// Describes a disk; ``make()`` makes it.
    public init(path: HostPath, shelf: HostPath, layers: [HostPath], format: String = "qcow2") {
        self.path = path
        self.shelf = shelf
        self.layers = layers
        self.format = format
    }

    /// Makes the overlay.
    ///
    /// - Throws: ``HostSupport/Failure`` where one is there already, or where it cannot be made.
    public func make() async throws {
        guard let top = layers.last else { throw Failure(.internal, "the disk \(path) has no base") }
        guard !FileSystem.exists(path) else {
            throw Failure(.cannotCreate, "there is a disk \(path) already; it is never written over")
        }
        try FileSystem.createDirectory(shelf)
        for layer in layers { try await FileSystem.share(layer, as: shelf / layer.name) }
        guard let folder = FileSystem.resolved(path.parent), let backing = FileSystem.resolved(shelf) else {
            throw Failure(.internal, "neither \(path.parent) nor \(shelf) may be missing")
        }
        // The oldest version of the format, which every PANDA reads.
        try await Self.create(path, over: (backing / top.name).relative(to: folder), format: format)
    }

    /// Makes an overlay of a disk.
    ///
    /// - Parameters:
    ///   - overlay: The overlay.
    ///   - backing: The disk beneath it, relative to the overlay's folder.
    ///   - format: The format of that disk.
    /// - Throws: ``HostSupport/Failure`` with qemu-img's own words.
    static func create(_ overlay: HostPath, over backing: HostPath, format: String = "qcow2")
        async throws
    {
        try await Tool("qemu-img", package: "qemu-utils").run([
            "create", "-q", "-f", "qcow2", "-F", format, "-o", "compat=0.10", "-b", backing.string,
            overlay.string,
        ])
    }
}
