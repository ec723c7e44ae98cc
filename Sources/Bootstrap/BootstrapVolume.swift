import Foundation
public import HostSupport

/// A small disk with a folder's files, by whose label guests find what they are handed.
public enum BootstrapVolume {
    /// The label.
    public static let label = "bootstrap"

    /// Makes the disk, as large as the files need.
    ///
    /// - Parameters:
    ///   - image: The disk, as raw bytes.
    ///   - folder: What is on it.
    /// - Throws: ``HostSupport/Failure`` where there is no room for it, or it cannot be made.
    public static func make(_ image: HostPath, from folder: HostPath) async throws {
        let (bytes, files) = try measure(folder)
        let size = sizeFor(bytes: bytes, files: files)
        let free = try FileSystem.freeSpace(at: image.parent)
        guard free > size else {
            throw Failure(
                .cannotCreate,
                "the disk of the bundle needs \(size), and \(image.parent) has \(free) left",
                hint: "make room there, or set XDG_RUNTIME_DIR to a folder that has some"
            )
        }
        // ext3, as old as the guests may be; QEMU hands the file on as it is.
        try await Tool("mke2fs", package: "e2fsprogs").run([
            "-q", "-F", "-t", "ext3", "-O", "^64bit", "-m", "0", "-b", "1024", "-N", "\(files + 64)",
            "-L", label, "-E", "root_owner=0:0", "-d", folder.string, image.string, "\(size.bytes / 1024)k",
        ])
    }

    /// The disk's size: contents in blocks, one in sixty-four more for what points to them, inodes, and the journal.
    static func sizeFor(bytes: UInt64, files: UInt64) -> ByteSize {
        let contents = bytes + files * 1024
        return ByteSize(bytes: (contents + contents / 64 + files * 256 + 6 << 20) / 1024 * 1024)
    }

    private static func measure(_ folder: HostPath) throws -> (bytes: UInt64, files: UInt64) {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.string)
        let bytes = paths.compactMap { FileKind(folder / $0)?.size }.reduce(0, +)
        return (bytes, UInt64(paths.count))
    }
}
