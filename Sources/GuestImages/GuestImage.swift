public import DebianPackages
public import Foundation
public import HostSupport
public import RunRecords

/// A guest image that can be booted: what `image.json` says of the folder it lies in.
///
/// A kernel is booted directly where there is one; else the disk's own boot loader starts the guest.
public struct GuestImage: Sendable, Hashable, Codable {
    /// The version of `image.json` that this program reads and writes.
    public static let currentSchema = 2

    /// A file of the image.
    public struct File: Sendable, Hashable, Codable {
        /// Its name in the image's folder.
        public let name: String
        /// Its SHA-256 digest, in hexadecimal.
        public let sha256: String

        /// Describes a file.
        public init(name: String, sha256: String) {
            self.name = name
            self.sha256 = sha256
        }
    }

    /// How the host hands something to the guest before it is recorded.
    public enum Agent: String, Sendable, Codable, CaseIterable {
        /// Our agent listens on the second serial port (`guest/README.md`).
        case serial
        /// The guest runs `bootstrap.sh` from a USB disk labelled `bootstrap` when it boots, as the original's did.
        case usb
        /// The guest takes nothing.
        case none
    }

    /// The version of the format.
    public let schema: Int
    /// The image's name, which is its folder's.
    public let name: String
    /// 1, and one more each time the image was maintained.
    public let version: Int
    /// The name of the recipe that it was built from; none where it was imported.
    public let recipe: String?
    /// The guest's architecture.
    public let architecture: GuestArchitecture
    /// When it was built, imported or maintained last.
    public let created: Date
    /// The Debian suite, where it was built from one.
    public let suite: String?
    /// The packages that went into it, sorted by name.
    public let packages: [AptRoot.Package]
    /// What `uname -r` prints in the guest, where a kernel is booted directly.
    public let kernelRelease: String?
    /// The kernel, where it is booted directly.
    public let kernel: File?
    /// The initial file system, where the kernel has one.
    public let initrd: File?
    /// The kernel's command line.
    public let append: String?
    /// The base disk, a read-only qcow2; none where the initial file system is all the guest has.
    public let disk: File?
    /// The memory that a guest gets unless a run says otherwise.
    public let memory: ByteSize
    /// Who logs in over SSH, on port 22.
    public let sshUser: String
    /// How the guest takes what it is handed.
    public let agent: Agent
    /// How long the guest may take until it is ready, in seconds.
    public let readyTimeout: Int
    /// The SHA-256 digest of what makes the guest what it is: architecture, kernel, initrd, command line, disk.
    ///
    /// Two images with the same digest boot the same guest, whatever they are called and whenever they were built.
    public let digest: String

    /// The files that the image consists of.
    public var files: [File] { [kernel, initrd, disk].compactMap { $0 } }
}
