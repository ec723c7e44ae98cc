import GuestImages
import HostSupport

/// What `-d` names: a disk file, or a guest image.
enum OriginalDisk: Equatable {
    case file(HostPath)
    case image(String)

    /// Tells which of the two it is; a file that is there comes first.
    ///
    /// - Parameters:
    ///   - name: What the user named.
    ///   - images: The names of the images.
    /// - Throws: `Failure` with `notFound` where it is neither.
    init(_ name: String, images: [String]) throws {
        if FileSystem.exists(HostPath(name)), !FileSystem.isDirectory(HostPath(name)) {
            self = .file(HostPath(name))
        } else if images.contains(name) {
            self = .image(name)
        } else {
            let known =
                images.isEmpty ? "there are no images" : "the images are: \(images.joined(separator: ", "))"
            throw Failure(
                .notFound,
                "there is no disk file '\(name)', and no guest image of that name; \(known)",
                hint: "name another with -d"
            )
        }
    }
}
