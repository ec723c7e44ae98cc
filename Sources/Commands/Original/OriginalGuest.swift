import Capture
import GuestImages
import HostSupport
import RunRecords

/// The guest that the original's options name.
struct OriginalGuest {
    /// The image's name, or the disk file's.
    let image: String
    /// What a run of it is called.
    let label: String
    /// Its architecture.
    let architecture: GuestArchitecture
    /// How the disk file is used; none where it is an image.
    let use: DiskUse?

    /// Finds it.
    ///
    /// - Parameters:
    ///   - options: The original's options.
    ///   - isWritten: Whether the guest writes to the disk itself.
    ///   - volume: The folder that it is handed on a USB disk.
    /// - Throws: `Failure` where there is none, or where it cannot be used so.
    init(_ options: OriginalOptions, isWritten: Bool = false, volume: HostPath? = nil) async throws {
        let store = ImageStore(home: Storage.home)
        switch try OriginalDisk(options.disk, images: store.names) {
        case .file(let path):
            let disk = try await PlainDisk(path)
            image = disk.path.name
            label = disk.path.name.split(separator: ".").first.map(String.init) ?? disk.path.name
            architecture = options.target ?? .i386
            use = DiskUse(disk, architecture, isWritten: isWritten, volume: volume)
        case .image(let name):
            let found = try store.load(name)
            try Self.check(found, options, isWritten, volume)
            image = name
            label = name
            architecture = found.architecture
            use = nil
        }
    }

    private static func check(
        _ image: GuestImage,
        _ options: OriginalOptions,
        _ isWritten: Bool,
        _ volume: HostPath?
    ) throws {
        if let target = options.target, target != image.architecture {
            throw Failure(
                .usage,
                "the image '\(image.name)' is of \(image.architecture.rawValue), not of \(target.rawValue)",
                hint: "leave out -t: an image knows its architecture"
            )
        }
        if isWritten {
            throw Failure(
                .usage,
                "the image '\(image.name)' is not written to by runs",
                hint:
                    "'pandacap image maintain \(image.name)' makes a new version of it; --no-derive is for disk files"
            )
        }
        if volume != nil {
            throw Failure(
                .usage,
                "the image '\(image.name)' takes a bundle in its own way",
                hint:
                    "'pandacap record \(image.name) --bootstrap DIR' hands it over; --usbdisk-dir is for disk files"
            )
        }
    }
}
