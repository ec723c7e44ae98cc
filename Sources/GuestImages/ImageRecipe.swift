public import HostSupport
public import RunRecords

/// How to make a guest image from Debian packages and our own files, without privileges and without booting it.
///
/// The image is a kernel and an initial file system that stays the only one: no disk, no package's scripts.
public struct ImageRecipe: Sendable, Hashable, Codable {
    /// The version of the recipe format that this program reads.
    public static let currentSchema = 1

    /// An architecture that the image can be built for.
    public struct Target: Sendable, Hashable, Codable {
        /// The architecture.
        public var architecture: GuestArchitecture
        /// The package that always depends on the suite's newest kernel.
        public var kernelPackage: String
        /// The memory that a guest gets unless a run says otherwise.
        public var memory: ByteSize
    }

    /// A file of ours that is copied into the image.
    public struct File: Sendable, Hashable, Codable {
        /// Where it lies below `guest/`.
        public var source: String
        /// Where it goes in the guest; an absolute path.
        public var path: String
        /// Its permissions in the guest.
        public var mode: FileMode
    }

    /// A program of ours that is built for the guest's architecture.
    public struct GuestProgram: Sendable, Hashable, Codable {
        /// The program's name, to which `-ARCHITECTURE` is appended for the file's.
        public var name: String
        /// Where it goes in the guest; an absolute path.
        public var path: String
        /// Its permissions in the guest.
        public var mode: FileMode
    }

    /// The version of the recipe format.
    public var schema: Int
    /// The recipe's name, and that of the images made from it.
    public var name: String
    /// What the guest is, in one sentence.
    public var description: String
    /// The Debian suite, such as `bookworm`.
    public var suite: String
    /// The architectures that it can be built for.
    public var architectures: [Target]
    /// The Debian packages that programs are taken from; what they depend on comes along.
    public var packages: [String]
    /// Programs out of those packages, by their absolute paths; the libraries they need come along.
    public var programs: [String]
    /// Kernel modules that are loaded at start, by name; those they depend on come along.
    public var modules: [String]
    /// Files of ours.
    public var files: [File]
    /// Programs of ours.
    public var guestPrograms: [GuestProgram]
    /// The kernel's command line.
    public var append: String
    /// Who logs in over SSH.
    public var sshUser: String
    /// How long the guest may take until its agent is ready, in seconds.
    public var readyTimeout: Int
}
