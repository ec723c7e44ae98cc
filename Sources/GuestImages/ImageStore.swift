public import HostSupport

/// The guest images of this user: a folder each, which a build puts there whole or not at all.
public struct ImageStore: Sendable {
    /// The folder that holds the images' folders.
    public let folder: HostPath

    /// Describes the store in PANDAcap's home, `Storage.home` for the user's own.
    public init(home: HostPath) {
        folder = home / "images"
    }

    /// The names of the images, sorted.
    public var names: [String] {
        FileSystem.list(folder).filter { ImageName.isValid($0) && FileSystem.exists(description(of: $0)) }
    }

    /// All images, sorted by name.
    ///
    /// - Returns: The images.
    /// - Throws: ``HostSupport/Failure``, naming an image that is damaged.
    public func list() throws -> [GuestImage] {
        try names.map(load)
    }

    /// Reads what an image is, and sees that its files are there.
    ///
    /// - Parameter name: The image's name.
    /// - Returns: The image.
    /// - Throws: ``HostSupport/Failure`` with ``HostSupport/Failure/Code/usage`` where no image can have that
    ///   name, ``HostSupport/Failure/Code/notFound`` where there is none, and
    ///   ``HostSupport/Failure/Code/badData`` where it is damaged.
    public func load(_ name: String) throws -> GuestImage {
        try ImageName.check(name)
        let file = description(of: name)
        guard FileSystem.exists(file) else { throw unknown(name) }
        let image = try JSONText.decode(GuestImage.self, from: try FileSystem.read(file), source: file.string)
        guard image.schema == GuestImage.currentSchema else {
            throw damaged(name, "\(file) has schema \(image.schema), not \(GuestImage.currentSchema)")
        }
        guard image.name == name else { throw damaged(name, "\(file) describes the image '\(image.name)'") }
        for part in image.files {
            guard !part.name.contains("/"), (FileSystem.size(self.folder(of: image) / part.name) ?? 0) > 0
            else {
                throw damaged(name, "the file '\(part.name)' of the image '\(name)' is missing or empty")
            }
        }
        return image
    }

    /// Removes an image; a guest that was booted from it is not disturbed.
    ///
    /// - Parameter name: The image's name.
    /// - Throws: ``HostSupport/Failure`` with ``HostSupport/Failure/Code/notFound`` where there is none.
    public func remove(_ name: String) throws {
        try ImageName.check(name)
        guard FileSystem.isDirectory(folder / name) else { throw unknown(name) }
        let lock = try FileLock(lockFile(name))
        defer { withExtendedLifetime(lock) {} }
        // What is half removed must not be taken for an image.
        let doomed = folder / ".\(name).removed"
        try FileSystem.remove(doomed)
        try FileSystem.rename(folder / name, to: doomed)
        try FileSystem.remove(doomed)
    }

    /// The folder of an image.
    public func folder(of image: GuestImage) -> HostPath { folder / image.name }

    /// The path of a file of an image.
    public func path(of file: GuestImage.File, in image: GuestImage) -> HostPath {
        folder(of: image) / file.name
    }

    /// The engine's arguments that boot the image's kernel; none where its disk boots by itself.
    public func bootArguments(of image: GuestImage) -> [String] {
        func option(_ name: String, _ file: GuestImage.File?) -> [String] {
            file.map { [name, path(of: $0, in: image).string] } ?? []
        }
        guard image.kernel != nil else { return [] }
        return option("-kernel", image.kernel) + option("-initrd", image.initrd)
            + (image.append.map { ["-append", $0] } ?? [])
    }

    /// The files that ``bootArguments(of:)`` names.
    public func bootFiles(of image: GuestImage) -> [HostPath] {
        image.kernel == nil
            ? [] : [image.kernel, image.initrd].compactMap { $0.map { path(of: $0, in: image) } }
    }

    func lockFile(_ name: String) -> HostPath { folder / ".\(name).lock" }

    /// Puts a finished folder in the place of an image of that name, which goes.
    func publish(_ draft: HostPath, as name: String) throws {
        let target = folder / name
        let former = folder / ".\(name).former"
        try FileSystem.remove(former)
        if FileSystem.exists(target) { try FileSystem.rename(target, to: former) }
        try FileSystem.rename(draft, to: target)
        try FileSystem.remove(former)
    }

    private func description(of name: String) -> HostPath { folder / name / "image.json" }

    private func unknown(_ name: String) -> Failure {
        let known = names
        let there = known.isEmpty ? "there are none yet" : "there are: \(known.joined(separator: ", "))"
        return Failure(
            .notFound,
            "there is no guest image '\(name)' in \(folder); \(there)",
            hint: "'pandacap image build RECIPE' makes one"
        )
    }

    private func damaged(_ name: String, _ problem: String) -> Failure {
        Failure(
            .badData,
            problem,
            hint: "'pandacap image remove \(name)' removes it, 'pandacap image build' makes it anew"
        )
    }
}
