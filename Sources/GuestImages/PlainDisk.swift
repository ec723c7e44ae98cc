import DiskFiles
import Foundation
import Glibc
public import HostSupport
public import RunRecords

/// A disk file of the user's that is started where it lies, without being made an image first.
public struct PlainDisk: Sendable, Hashable, Codable {
    /// The file, links resolved.
    public let path: HostPath
    /// `qcow2` or `raw`, told from the file's own bytes.
    public let format: String
    /// The SHA-256 digest of the file; of the digests of all, the lowest first, where it lies over other disks.
    public let digest: String
    /// The file and those that it lies over, all in its folder.
    public let layers: [HostPath]
    /// Whether this user may write to it.
    public let isWritable: Bool

    /// The memory of a machine that is started from a disk file, unless the user says otherwise.
    public static let memory = ByteSize.mebibytes(512)
    /// How long such a guest may take until it is ready, in seconds: nobody has measured it.
    static let readyTimeout = 600

    /// Looks at a disk file, and at those that it lies over, which must be in its folder.
    ///
    /// - Parameter name: The file.
    /// - Throws: ``HostSupport/Failure`` with `notFound` where there is none, `badData` where it cannot be taken.
    public init(_ name: HostPath) async throws {
        guard let path = FileSystem.resolved(name), FileSystem.isRegularFile(path) else {
            throw Failure(.notFound, "there is no disk file \(name)")
        }
        self.path = path
        let format = try DiskFormat(of: path)
        self.format = format.rawValue
        layers =
            format == .qcow2 ? try DiskChain(path, within: [path.parent]).layers.map(\.path) : [path]
        var digests: [String] = []
        for layer in layers.reversed() { digests.append(try await Digest.sha256(layer)) }
        digest =
            digests.count == 1
            ? digests[0] : try await Digest.sha256(of: digests.map { $0 + "\n" }.joined())
        // Root may write to anything, but hardly means to write to what is read-only for everybody.
        isWritable = access(path.string, W_OK) == 0 && (FileKind(path)?.mode ?? 0) & 0o222 != 0
    }

    /// The guest that boots from the disk by itself.
    ///
    /// - Parameters:
    ///   - architecture: Its processor's architecture.
    ///   - agent: How it takes what it is handed.
    /// - Returns: What an image of the disk would say of itself.
    public func guest(_ architecture: GuestArchitecture, agent: GuestImage.Agent) -> GuestImage {
        GuestImage(
            schema: GuestImage.currentSchema,
            name: path.name,
            version: 1,
            recipe: nil,
            architecture: architecture,
            created: Date(),
            suite: nil,
            packages: [],
            kernelRelease: nil,
            kernel: nil,
            initrd: nil,
            append: nil,
            disk: GuestImage.File(name: path.name, sha256: digest),
            memory: Self.memory,
            sshUser: "root",
            agent: agent,
            readyTimeout: Self.readyTimeout,
            digest: digest
        )
    }
}
