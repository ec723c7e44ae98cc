import DebianPackages
import Foundation
public import HostSupport
public import RunRecords

/// Builds guest images from Debian packages and our own files.
///
/// The same packages and files give the same bytes.
public struct ImageBuilder: Sendable {
    private let store: ImageStore
    private let installation: Installation
    private let cache: HostPath
    private let console: Console

    /// Creates a builder.
    ///
    /// - Parameters:
    ///   - store: Where images go.
    ///   - installation: Where recipes' files and the programs for guests lie.
    ///   - cache: Where downloads are kept, `Storage.cache` for the user's own.
    ///   - console: Who is told of the steps.
    public init(store: ImageStore, installation: Installation, cache: HostPath, console: Console) {
        self.store = store
        self.installation = installation
        self.cache = cache
        self.console = console
    }

    /// Builds an image, which replaces one of the same name when it is finished.
    ///
    /// A second build waits for the first.
    ///
    /// - Parameters:
    ///   - recipe: What to build.
    ///   - architecture: For which architecture.
    ///   - name: What to call it: the recipe's name by default, with the architecture appended if not x86_64.
    /// - Returns: The image.
    /// - Throws: ``HostSupport/Failure`` with ``HostSupport/Failure/Code/usage`` where the name is none or the
    ///   recipe is not for the architecture; else what stood in the way.
    public func build(
        _ recipe: ImageRecipe,
        for architecture: GuestArchitecture,
        named name: String? = nil
    ) async throws -> GuestImage {
        let name = name ?? ImageName.byDefault(recipe.name, architecture)
        try ImageName.check(name)
        let target = try target(of: recipe, architecture)
        let programs = try installation.guestPrograms()
        try FileSystem.createDirectory(store.folder)
        try FileSystem.createDirectory(cache)
        let locks = [try FileLock(store.lockFile(name)), try FileLock(cache / "image-build.lock")]
        defer { withExtendedLifetime(locks) {} }
        let work = store.folder / ".\(name).building"
        try FileSystem.remove(work)
        defer { try? FileSystem.remove(work) }

        let build = ImageBuild(
            recipe: recipe,
            target: target,
            installation: installation,
            programs: programs,
            cache: cache,
            work: work,
            console: console
        )
        let result = build.result
        try FileSystem.createDirectory(result)
        let made =
            if let disk = recipe.disk {
                try await DiskBuilder(build: build, size: disk.size).make()
            } else {
                try await InitialFileSystemBuilder(build: build).make()
            }
        let image = try await describe(
            recipe,
            target,
            as: name,
            made,
            in: result
        )
        try FileSystem.write(try JSONText.encode(image), to: result / "image.json")
        for file in FileSystem.list(result) { try FileSystem.setMode(result / file, 0o444) }
        try store.publish(result, as: name)
        console.step("built the image \(name): \(made.kernelRelease), \(size(of: image))")
        return try store.load(name)
    }

    private func target(
        of recipe: ImageRecipe,
        _ architecture: GuestArchitecture
    ) throws -> ImageRecipe.Target {
        if let target = recipe.architectures.first(where: { $0.architecture == architecture }) {
            return target
        }
        let names = recipe.architectures.map(\.architecture.rawValue).joined(separator: ", ")
        throw Failure(
            .usage,
            "the recipe '\(recipe.name)' is not for \(architecture.rawValue)",
            hint: "it is for \(names)"
        )
    }

    private func describe(
        _ recipe: ImageRecipe,
        _ target: ImageRecipe.Target,
        as name: String,
        _ made: ImageBuild.Result,
        in folder: HostPath
    ) async throws -> GuestImage {
        func file(_ name: String) async throws -> GuestImage.File {
            GuestImage.File(name: name, sha256: try await Digest.sha256(folder / name))
        }
        let kernel = try await file("vmlinuz")
        let initrd = try await file("initrd")
        let disk = made.hasDisk ? try await file("base.qcow2") : nil
        let identity = folder.parent / "identity"
        let digests = [kernel, initrd].map(\.sha256)
        let parts =
            [target.architecture.rawValue] + digests + [recipe.append] + (disk.map { [$0.sha256] } ?? [])
        try FileSystem.write(parts.joined(separator: "\n") + "\n", to: identity)
        return GuestImage(
            schema: GuestImage.currentSchema,
            name: name,
            version: 1,
            recipe: recipe.name,
            architecture: target.architecture,
            created: Date(),
            suite: recipe.suite,
            packages: made.packages.uniqued().sorted { $0.name < $1.name },
            kernelRelease: made.kernelRelease,
            kernel: kernel,
            initrd: initrd,
            append: recipe.append,
            disk: disk,
            memory: target.memory,
            sshUser: recipe.sshUser,
            agent: recipe.agent,
            readyTimeout: recipe.readyTimeout,
            digest: try await Digest.sha256(identity)
        )
    }

    private func size(of image: GuestImage) -> ByteSize {
        let sizes = image.files.compactMap { FileSystem.size(store.path(of: $0, in: image)) }
        return ByteSize(bytes: sizes.reduce(0, +))
    }
}
