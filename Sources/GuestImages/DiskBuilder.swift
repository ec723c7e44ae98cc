import DebianPackages
import Foundation
import HostSupport

/// Makes a guest's disk: Debian's packages installed with their scripts, the recipe's files and scripts, an ext4.
///
/// `mmdebstrap` installs the packages in a user namespace where this user is not root. Nothing is mounted on the
/// host.
struct DiskBuilder {
    let build: ImageBuild
    let size: ByteSize

    func make() async throws -> ImageBuild.Result {
        let recipe = build.recipe
        try DiskTools.check()
        let apt = try await build.packages(of: recipe.suite)
        let (kernel, kernelPackage) = try await build.kernel(of: try await build.kernelPackages(beside: apt))
        let wanted = try await build.locating { try await apt.closure(of: AptRoot.base + recipe.packages) }
        let downloads = try await apt.download(wanted)
        let own = try await InitialFileSystemBuilder(build: build).makeForDisk(kernel, apt)

        let additions = try await DiskAdditions(build, kernel)
        let archive = build.work / "root.tar"
        let root = DebianRoot(build: build, apt: apt, packages: downloads.map(\.file))
        try await build.console.step("installing \(downloads.count) packages") {
            try await root.install(additions: additions, into: archive)
        }
        let installed = try await build.console.step("making the disk") {
            let disk = DiskFile(folder: build.work / "disk", size: size, time: Self.time)
            return try await disk.make(from: archive, into: build.result / "base.qcow2")
        }
        let kept = downloads.map(\.package).filter { installed[$0.name] == $0.version }
        let names = Set(kept.map(\.name))
        if let stranger = installed.keys.sorted().first(where: { !names.contains($0) }) {
            throw Failure(.badData, "the disk holds the package '\(stranger)', which was not fetched")
        }
        return ImageBuild.Result(
            packages: kept + own + [kernelPackage],
            kernelRelease: kernel.release,
            hasDisk: true
        )
    }

    /// The newest time of the disk's files, in seconds since 1970: `SOURCE_DATE_EPOCH`, else a fixed one.
    static var time: Int {
        ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap(Int.init) ?? 1_735_689_600
    }
}
