import DiskFiles
import Foundation
public import HostSupport

/// Makes guest images of disks that were made elsewhere.
public struct ImageImporter: Sendable {
    /// The largest disk that is taken: what the oldest qcow2 with its usual clusters can describe without trouble.
    static let largest = ByteSize(bytes: 16 << 40)

    private let store: ImageStore
    private let console: Console

    /// Creates an importer.
    ///
    /// - Parameters:
    ///   - store: Where images go.
    ///   - console: Who is told of the steps.
    public init(store: ImageStore, console: Console) {
        self.store = store
        self.console = console
    }

    /// Checks a disk, copies it, and makes an image of it, whole or not at all.
    ///
    /// - Parameter request: What the user says of the disk.
    /// - Returns: The image.
    /// - Throws: ``HostSupport/Failure`` with `usage` where a value cannot be, `badData` where the disk cannot be
    ///   taken, `cannotCreate` where there is an image of that name or no room.
    public func run(_ request: ImageImport) async throws -> GuestImage {
        try request.validate()
        let chain = try await inspect(request)
        let release = try request.kernel.map(file).flatMap(BootKernel.release)
        _ = try request.initrd.map(file)
        try FileSystem.createDirectory(store.folder)
        let lock = try store.lock(request.name)
        defer { withExtendedLifetime(lock) {} }
        guard request.replaces || !FileSystem.exists(store.folder / request.name) else {
            throw Failure(
                .cannotCreate,
                "there is an image '\(request.name)' already",
                hint: "name another with --name, or replace it with --replace"
            )
        }
        let draft = store.folder / ".\(request.name).building"
        try FileSystem.remove(draft)
        try FileSystem.createDirectory(draft)
        defer { try? FileSystem.remove(draft) }
        let conversion = DiskConversion(console: console)
        try await conversion.copy(chain, to: draft / "base.qcow2", as: "qcow2", "copying the disk")
        let image = try await describe(request, release, in: draft)
        try FileSystem.write(try JSONText.encode(image), to: draft / "image.json")
        for name in FileSystem.list(draft) { try FileSystem.setMode(draft / name, 0o444) }
        try Task.checkCancellation()
        try store.publish(draft, as: request.name)
        return try store.load(request.name)
    }

    /// Tells what the disk is, and refuses what would not become the same disk.
    private func inspect(_ request: ImageImport) async throws -> DiskChain {
        let disk = try file(request.disk)
        let format = try DiskFormat(of: disk)
        guard format == .qcow2 else {
            try checkSize(FileSystem.size(disk) ?? 0, of: disk)
            warnUnlessBootable(request, disk)
            return DiskChain(layers: [DiskChain.Layer(path: disk, format: "raw")])
        }
        let header = try DiskChain.header(disk)
        try checkSize(header.virtualBytes, of: disk)
        if let backing = header.backingFile, !request.flattens {
            throw Failure(
                .badData,
                "the disk \(disk) lies over another one, '\(printableName(Array(backing.utf8)))'",
                hint: "'--flatten' takes both, if the other one lies in the same folder"
            )
        }
        if header.snapshots > 0 {
            console.warning("\(header.snapshots) internal snapshots of the disk are not taken along")
        }
        let chain = try DiskChain(disk, within: [disk.parent])
        for layer in chain.layers where layer.format == "qcow2" {
            try await DiskConversion.check(layer.path)
        }
        return chain
    }

    private func checkSize(_ bytes: UInt64, of disk: HostPath) throws {
        guard bytes <= Self.largest.bytes, bytes >= 1 << 16 else {
            throw Failure(
                .badData,
                "the disk \(disk) has \(ByteSize(bytes: bytes)); 64 KiB to \(Self.largest) are taken"
            )
        }
    }

    /// A raw disk that cannot start by itself is hardly what was meant.
    private func warnUnlessBootable(_ request: ImageImport, _ disk: HostPath) {
        guard request.kernel == nil, let file = try? RawDisk(path: disk.string),
            let mark = try? file.read(at: 510, count: 2), mark != [0x55, 0xaa]
        else { return }
        console.warning("\(disk) has no boot sector: without --kernel it will not start")
    }

    /// A regular file that the user named; links are followed.
    private func file(_ path: HostPath) throws -> HostPath {
        guard let real = FileSystem.resolved(path), FileSystem.isRegularFile(real) else {
            throw Failure(.notFound, "there is no file \(path)")
        }
        guard (FileSystem.size(real) ?? 0) > 0 else { throw Failure(.badData, "the file \(path) is empty") }
        return real
    }

    private func describe(
        _ request: ImageImport,
        _ release: String?,
        in draft: HostPath
    ) async throws -> GuestImage {
        func take(_ source: HostPath?, as name: String) async throws -> GuestImage.File? {
            guard let source else { return nil }
            try FileSystem.copy(try file(source), to: draft / name)
            return GuestImage.File(name: name, sha256: try await Digest.sha256(draft / name))
        }
        let kernel = try await take(request.kernel, as: "vmlinuz")
        let initrd = try await take(request.initrd, as: "initrd")
        let disk = GuestImage.File(name: "base.qcow2", sha256: try await Digest.sha256(draft / "base.qcow2"))
        let append = kernel == nil ? nil : request.append ?? ""
        return GuestImage(
            schema: GuestImage.currentSchema,
            name: request.name,
            version: 1,
            recipe: nil,
            architecture: request.architecture,
            created: Date(),
            suite: nil,
            packages: [],
            kernelRelease: release,
            kernel: kernel,
            initrd: initrd,
            append: append,
            disk: disk,
            memory: request.memory,
            sshUser: request.sshUser,
            agent: request.agent,
            readyTimeout: request.readyTimeout,
            digest: try await GuestImage.digest(
                architecture: request.architecture,
                kernel: kernel,
                initrd: initrd,
                append: append,
                disk: disk
            )
        )
    }
}
