import DebianPackages
import Foundation
public import HostSupport
public import RunRecords

/// Builds guest images: fetches Debian packages, takes out what the recipe names, and packs it with our own files.
///
/// The same packages and files give the same bytes. No privileges are needed and nothing of what is fetched runs.
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

        let packages = try await fetch(recipe, target, into: work)
        console.step("packing the initial file system")
        let kernel = try await KernelTree(work / "kernel")
        let release = kernel.release
        let modules = try await kernel.modules(recipe.modules)
        let tree = GuestTree(work / "tree")
        try await tree.addPrograms(recipe.programs, from: work / "root")
        try tree.addModules(modules)
        for file in recipe.files {
            try tree.add(installation.guestFiles / file.source, as: file.path, mode: file.mode)
        }
        for program in recipe.guestPrograms {
            let source = programs / "\(program.name)-\(architecture.rawValue)"
            try tree.add(source, as: program.path, mode: program.mode)
        }

        let result = work / "image"
        try FileSystem.createDirectory(result)
        try await tree.pack(into: result / "initrd")
        try FileSystem.copy(kernel.image, to: result / "vmlinuz")
        let image = try await describe(
            recipe,
            target,
            as: name,
            packages: packages,
            release: release,
            in: result
        )
        try FileSystem.write(try JSONText.encode(image), to: result / "image.json")
        for file in FileSystem.list(result) { try FileSystem.setMode(result / file, 0o444) }
        try store.publish(result, as: name)
        console.step("built the image \(name): \(release), \(size(of: image))")
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

    /// Fetches the kernel and the packages, and unpacks them into the folders `kernel` and `root`.
    private func fetch(
        _ recipe: ImageRecipe,
        _ target: ImageRecipe.Target,
        into work: HostPath
    ) async throws -> [AptRoot.Package] {
        guard let debian = target.architecture.debianName else {
            throw Failure(.usage, "Debian has no architecture \(target.architecture.rawValue)")
        }
        let apt = AptRoot(
            cache: cache,
            suites: [recipe.suite],
            architecture: debian,
            installed: .nothing,
            console: console
        )
        try await console.step("asking for the packages of Debian \(recipe.suite) for \(debian)") {
            try await apt.update()
        }
        let dependencies = try await apt.dependencies(of: target.kernelPackage)
        guard let kernel = dependencies.first(where: { $0.hasPrefix("linux-image-") }) else {
            throw Failure(.configuration, "the package '\(target.kernelPackage)' depends on no kernel")
        }
        let downloads = try await apt.download([kernel] + (try await apt.closure(of: recipe.packages)))
        try await console.step("unpacking \(downloads.count) packages") {
            for (package, file) in downloads {
                try await AptRoot.unpack(file, into: work / (package.name == kernel ? "kernel" : "root"))
            }
        }
        return downloads.map(\.package).sorted { $0.name < $1.name }
    }

    private func describe(
        _ recipe: ImageRecipe,
        _ target: ImageRecipe.Target,
        as name: String,
        packages: [AptRoot.Package],
        release: String,
        in folder: HostPath
    ) async throws -> GuestImage {
        let kernel = GuestImage.File(name: "vmlinuz", sha256: try await Digest.sha256(folder / "vmlinuz"))
        let initrd = GuestImage.File(name: "initrd", sha256: try await Digest.sha256(folder / "initrd"))
        return GuestImage(
            schema: GuestImage.currentSchema,
            name: name,
            version: 1,
            recipe: recipe.name,
            architecture: target.architecture,
            created: Date(),
            suite: recipe.suite,
            packages: packages,
            kernelRelease: release,
            kernel: kernel,
            initrd: initrd,
            append: recipe.append,
            disk: nil,
            memory: target.memory,
            sshUser: recipe.sshUser,
            agent: .serial,
            readyTimeout: recipe.readyTimeout,
            digest: try await GuestImage.digest(
                architecture: target.architecture,
                kernel: kernel,
                initrd: initrd,
                append: recipe.append,
                disk: nil
            )
        )
    }

    private func size(of image: GuestImage) -> ByteSize {
        let sizes = image.files.compactMap { FileSystem.size(store.path(of: $0, in: image)) }
        return ByteSize(bytes: sizes.reduce(0, +))
    }
}
