import Foundation
import Glibc
import HostSupport

/// The guest's initial file system while it is put together, as a folder of the host.
struct GuestTree {
    private let root: HostPath

    init(_ root: HostPath) {
        self.root = root
    }

    /// Copies a file to a path in the guest.
    func add(_ source: HostPath, as path: String, mode: FileMode) throws {
        guard let source = FileSystem.resolved(source), !FileSystem.isDirectory(source) else {
            throw Failure(.notFound, "there is no file \(source) for the guest's \(path)")
        }
        let target = root / String(path.dropFirst())
        try FileSystem.createDirectory(target.parent)
        try FileSystem.copy(source, to: target)
        try FileSystem.setMode(target, mode.bits)
    }

    /// Copies programs out of unpacked packages, with the libraries that they need.
    func addPrograms(_ paths: [String], from packages: HostPath) async throws {
        let libraries = try await SharedLibraries(packages)
        for path in paths {
            let file = packages / String(path.dropFirst())
            guard FileSystem.exists(file) else {
                throw Failure(.configuration, "no package of the recipe holds the program \(path)")
            }
            try add(file, of: packages, as: path)
            for library in try await libraries.needed(by: file) {
                try add(library.file, of: packages, as: library.path)
            }
        }
    }

    /// Copies a file of an unpacked package, unless it is a link that leads out of it to a file of this host.
    private func add(_ file: HostPath, of packages: HostPath, as path: String) throws {
        guard let real = FileSystem.resolved(file), let inside = FileSystem.resolved(packages),
            real.string.hasPrefix(inside.string + "/")
        else { throw Failure(.badData, "the package's file for \(path) is a link out of the package") }
        try add(real, as: path, mode: FileMode(bits: 0o755))
    }

    /// Copies kernel modules, and writes the list by which the guest loads them.
    func addModules(_ files: [HostPath]) throws {
        for file in files { try add(file, as: "/lib/modules/\(file.name)", mode: FileMode(bits: 0o644)) }
        let list = files.map { $0.name.dropLast(".ko".count) + "\n" }.joined()
        try FileSystem.createDirectory(root / "etc")
        try FileSystem.write(list, to: root / "etc/modules")
        try FileSystem.setMode(root / "etc/modules", 0o644)
    }

    /// Packs the tree as the kernel wants it: the same tree gives the same bytes.
    ///
    /// It is not compressed: a few megabytes saved would need another tool and boot no faster.
    func pack(into archive: HostPath) async throws {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.string)
            .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        let time = timespec(tv_sec: Self.epoch, tv_nsec: 0)
        for path in paths.reversed() {
            let file = root / path
            if FileSystem.isDirectory(file) { try FileSystem.setMode(file, 0o755) }
            guard utimensat(AT_FDCWD, file.string, [time, time], 0) == 0 else {
                throw Failure(.inputOutput, "cannot set the time of \(file): \(systemMessage(errno))")
            }
        }
        try await Tool("cpio", package: "cpio").run(
            ["--quiet", "-o", "-H", "newc", "--reproducible", "-R", "0:0", "-F", archive.string],
            workingDirectory: root,
            input: paths.map { $0 + "\n" }.joined()
        )
    }

    /// The time of every file: `SOURCE_DATE_EPOCH`, else the epoch itself.
    private static var epoch: Int {
        ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap(Int.init) ?? 0
    }
}
