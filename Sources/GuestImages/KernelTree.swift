import Foundation
import HostSupport

/// An unpacked kernel package: the kernel and its modules.
struct KernelTree {
    /// What `uname -r` prints.
    let release: String
    /// The kernel itself.
    let image: HostPath
    private let folder: HostPath
    private let files: [String: HostPath]

    init(_ folder: HostPath) async throws {
        let kernels = FileSystem.list(folder / "boot").filter { $0.hasPrefix("vmlinuz-") }
        guard kernels.count == 1 else {
            throw Failure(.badData, "the kernel's package holds \(kernels.count) kernels in /boot, not one")
        }
        release = String(kernels[0].dropFirst("vmlinuz-".count))
        self.folder = folder
        image = folder / "boot" / kernels[0]
        let listing = try await Tool("find", package: "findutils").run([
            folder.string, "-type", "f", "-name", "*.ko", "-path", "*/lib/modules/\(release)/*",
        ])
        let paths = listing.split(separator: "\n").map { HostPath(String($0)) }
        files = Dictionary(paths.map { (Self.moduleName($0), $0) }) { first, _ in first }
    }

    /// The files of modules and of those they depend on, in the order in which they can be loaded.
    func modules(_ names: [String]) async throws -> [HostPath] {
        var ordered: [HostPath] = []
        var visited: Set<String> = []
        func visit(_ name: String) async throws {
            guard visited.insert(name).inserted else { return }
            guard let file = files[name] else {
                throw Failure(
                    .configuration,
                    "the kernel \(release) has no module '\(name)'",
                    hint: "where it is built in, leave it out of the recipe's modules"
                )
            }
            for other in try await Self.dependencies(of: file) { try await visit(other) }
            ordered.append(file)
        }
        for name in names { try await visit(Self.normalized(name)) }
        return ordered
    }

    /// Drivers of hardware that no guest has, which are most of a kernel's size.
    private static let leftOut = [
        "sound", "drivers/gpu", "drivers/media", "drivers/infiniband", "drivers/iio", "drivers/staging",
        "drivers/net/wireless", "drivers/net/ethernet", "drivers/scsi", "drivers/hwmon", "drivers/isdn",
        "drivers/bluetooth", "drivers/nfc", "drivers/mtd", "drivers/comedi", "drivers/thunderbolt",
    ]

    /// Copies what lies in the guest's `/boot` and `/lib/modules`, without drivers of hardware that no guest has.
    func install(into target: HostPath) async throws {
        let modules = folder / "lib/modules/\(release)"
        let copy = target / "lib/modules/\(release)"
        try FileSystem.createDirectory(copy)
        try FileSystem.copy(folder / "boot", to: target / "boot")
        for name in FileSystem.list(modules) where name.hasPrefix("modules.") {
            try FileSystem.copy(modules / name, to: copy / name)
        }
        let source = modules.string + "/kernel/"
        for file in files.values.sorted() where file.string.hasPrefix(source) {
            let path = String(file.string.dropFirst(source.count))
            let isLeftOut = Self.leftOut.contains { path.hasPrefix($0 + "/") }
            guard !isLeftOut || Self.kept.contains(file.name) else { continue }
            try FileSystem.createDirectory((copy / "kernel/\(path)").parent)
            try FileSystem.copy(file, to: copy / "kernel/\(path)")
        }
        try await DiskTools.depmod.run(["-b", target.string, release])
    }

    /// Drivers among those left out of the hardware that guests do have.
    private static let kept: Set<String> = [
        "e1000.ko", "8139cp.ko", "8139too.ko", "mii.ko", "sd_mod.ko", "sr_mod.ko", "sg.ko", "scsi_mod.ko",
        "scsi_common.ko", "virtio_scsi.ko",
    ]

    /// What a module's own description says it depends on.
    private static func dependencies(of file: HostPath) async throws -> [String] {
        let text = try await Tool("readelf", package: "binutils").run(["-p", ".modinfo", file.string])
        let mark = "]  depends="
        return text.split(separator: "\n")
            .compactMap { line in line.range(of: mark).map { line[$0.upperBound...] } }
            .flatMap { $0.split(separator: ",") }
            .map { normalized(String($0)) }
    }

    private static func moduleName(_ file: HostPath) -> String {
        normalized(String(file.name.dropLast(".ko".count)))
    }

    /// The kernel does not tell `-` and `_` apart in the names of modules.
    private static func normalized(_ name: String) -> String {
        name.replacingOccurrences(of: "-", with: "_")
    }
}
