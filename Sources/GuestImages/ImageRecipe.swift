public import HostSupport
public import RunRecords

/// How to make a guest image from Debian packages and our own files, without booting it.
///
/// There are two kinds. Without ``disk``, the image is a kernel and an initial file system that stays the only one:
/// no package's script runs. With it, the packages are installed on a disk as Debian's installer would.
public struct ImageRecipe: Sendable, Hashable {
    /// The version of the recipe format that this program reads.
    public static let currentSchema = 1

    /// An architecture that the image can be built for.
    public struct Target: Sendable, Hashable, Codable {
        /// The architecture.
        public var architecture: GuestArchitecture
        /// The package that always depends on the suite's newest kernel.
        public var kernelPackage: String
        /// The suite of the kernel for this architecture, where it is not that of the others.
        public var kernelSuite: String?
        /// The memory that a guest gets unless a run says otherwise.
        public var memory: ByteSize
    }

    /// The disk of an image that has one.
    public struct Disk: Sendable, Hashable, Codable {
        /// The sizes that a disk may have.
        public static let sizes = ByteSize.mebibytes(64)...ByteSize.mebibytes(1 << 20)

        /// The size that the guest sees.
        public var size: ByteSize
    }

    /// A user of the guest; the account is locked until a key or a script opens it.
    public struct User: Sendable, Hashable {
        /// The name; one that Debian makes by itself, such as `root`, is changed.
        public var name: String
        /// The number; the next free one by default.
        public var uid: Int?
        /// Further groups, which are made where they are not there.
        public var groups: [String]
        /// The login shell; `/bin/bash` by default.
        public var shell: String?
        /// Whether logins over SSH are recorded.
        public var isRecorded: Bool
        /// The file, line and key of the recipe, for messages.
        var place: String
    }

    /// A file that is copied into the image.
    public struct File: Sendable, Hashable {
        /// Where it lies on the host.
        public var source: HostPath
        /// Where it goes in the guest; an absolute path.
        public var path: String
        /// Its permissions in the guest.
        public var mode: FileMode
        /// The file, line and key of the recipe, for messages.
        var place: String
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

    /// A script that is run in the image as root.
    public struct Script: Sendable, Hashable {
        /// Where it lies on the host.
        public var source: HostPath
        /// The file, line and key of the recipe, for messages.
        var place: String
    }

    /// Whether a unit of systemd is started at boot.
    public struct Service: Sendable, Hashable {
        /// The unit's name, with its type.
        public var unit: String
        /// Whether it is enabled; else it is disabled.
        public var isEnabled: Bool
        /// The file, line and key of the recipe, for messages.
        var place: String
    }

    /// The recipe's name, and that of the images made from it.
    public var name: String
    /// What the guest is, in one sentence.
    public var description: String
    /// The Debian suite, such as `bookworm`.
    public var suite: String
    /// The suite that the kernel is taken from.
    public var kernelSuite: String
    /// The architectures that it can be built for.
    public var architectures: [Target]
    /// The disk; none where the initial file system is all there is.
    public var disk: Disk?
    /// Debian packages; what they depend on comes along.
    public var packages: [String]
    /// Programs out of those packages, by their absolute paths, with the libraries they need; not for disks.
    public var programs: [String]
    /// Kernel modules that are loaded at start, by name; those they depend on come along.
    public var modules: [String]
    /// Users, for disks.
    public var users: [User]
    /// Files.
    public var files: [File]
    /// Programs of ours.
    public var guestPrograms: [GuestProgram]
    /// Scripts, for disks.
    public var scripts: [Script]
    /// Services that are switched on or off, in this order, for disks.
    public var services: [Service]
    /// The kernel's command line.
    public var append: String
    /// Who logs in over SSH.
    public var sshUser: String
    /// How long the guest may take until its agent is ready, in seconds.
    public var readyTimeout: Int
    /// How the guest takes what it is handed.
    public var agent: GuestImage.Agent
    /// Where the recipe's keys stand, for messages about what shows only when it is built.
    var places: Places

    /// The files that a recipe came from.
    struct Places: Sendable, Hashable {
        /// The recipe's file.
        let source: String
        /// `FILE:LINE: field 'packages[N]'` by the package's name.
        let packages: [String: String]
        /// The same of the keys that name a suite, by the suite.
        let suites: [String: String]
    }
}
