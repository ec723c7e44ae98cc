public import DebianPackages
public import Foundation
public import HostSupport
public import RunRecords

/// A guest image that can be booted: what `image.json` says of the folder it lies in.
public struct GuestImage: Sendable, Hashable, Codable {
    /// The version of `image.json` that this program reads and writes.
    public static let currentSchema = 1

    /// A file of the image.
    public struct File: Sendable, Hashable, Codable {
        /// Its name in the image's folder.
        public let name: String
        /// Its SHA-256 digest, in hexadecimal.
        public let sha256: String
    }

    /// The version of the format.
    public let schema: Int
    /// The image's name, which is its folder's.
    public let name: String
    /// The name of the recipe that it was built from.
    public let recipe: String
    /// The guest's architecture.
    public let architecture: GuestArchitecture
    /// When it was built.
    public let created: Date
    /// The Debian suite.
    public let suite: String
    /// The packages that went into it, sorted by name.
    public let packages: [AptRoot.Package]
    /// What `uname -r` prints in the guest.
    public let kernelRelease: String
    /// The kernel.
    public let kernel: File
    /// The initial file system, which is all the guest has.
    public let initrd: File
    /// The kernel's command line.
    public let append: String
    /// The memory that a guest gets unless a run says otherwise.
    public let memory: ByteSize
    /// The network device, by QEMU's name.
    public let networkDevice: String
    /// Who logs in over SSH, on port 22.
    public let sshUser: String
    /// The version of the protocol that the agent speaks on the second serial port.
    public let agentProtocol: Int
    /// How long the guest may take until its agent is ready, in seconds.
    public let readyTimeout: Int
    /// The SHA-256 digest of what makes the guest what it is: architecture, kernel, initrd, command line.
    ///
    /// Two images with the same digest boot the same guest, whatever they are called and whenever they were built.
    public let digest: String
}
