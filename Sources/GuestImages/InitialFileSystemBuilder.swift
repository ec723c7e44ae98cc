import DebianPackages
import HostSupport

/// Makes the initial file systems of guests: the whole guest, or what mounts its disk.
struct InitialFileSystemBuilder {
    let build: ImageBuild

    /// Makes an image without a disk: no privileges are needed and nothing of what is fetched runs.
    func make() async throws -> ImageBuild.Result {
        let recipe = build.recipe
        let apt = try await build.packages(of: recipe.suite)
        let (kernel, kernelPackage) = try await build.kernel(of: try await build.kernelPackages(beside: apt))
        let names = try await build.locating { try await apt.closure(of: recipe.packages) }
        let packages = try await unpack(names, of: apt)
        build.console.step("packing the initial file system")
        let tree = GuestTree(build.work / "tree")
        try await tree.addPrograms(recipe.programs, from: build.work / "root")
        try tree.addModules(try await kernel.modules(recipe.modules))
        for file in recipe.files { try tree.add(file.source, as: file.path, mode: file.mode) }
        for program in recipe.guestPrograms {
            try tree.add(build.source(of: program), as: program.path, mode: program.mode)
        }
        try await finish(tree, kernel)
        return ImageBuild.Result(
            packages: packages + [kernelPackage],
            kernelRelease: kernel.release,
            hasDisk: false
        )
    }

    /// Makes what mounts the disk: busybox, the recipe's modules and our first process.
    ///
    /// - Returns: The packages that it took.
    func makeForDisk(_ kernel: KernelTree, _ apt: AptRoot) async throws -> [AptRoot.Package] {
        let packages = try await unpack(["busybox-static"], of: apt)
        let tree = GuestTree(build.work / "tree")
        try await tree.addPrograms(["/bin/busybox"], from: build.work / "root")
        try tree.addModules(try await kernel.modules(build.recipe.modules))
        let first = build.installation.guestFiles / "disk/init"
        try tree.add(first, as: "/init", mode: FileMode(bits: 0o755))
        try await finish(tree, kernel)
        return packages
    }

    private func unpack(_ names: [String], of apt: AptRoot) async throws -> [AptRoot.Package] {
        let downloads = try await apt.download(names)
        try await build.console.step("unpacking \(downloads.count) packages") {
            for (_, file) in downloads { try await AptRoot.unpack(file, into: build.work / "root") }
        }
        return downloads.map(\.package)
    }

    private func finish(_ tree: GuestTree, _ kernel: KernelTree) async throws {
        try await tree.pack(into: build.result / "initrd")
        try FileSystem.copy(kernel.image, to: build.result / "vmlinuz")
    }
}
