public import GuestImages
public import HostSupport
public import RunRecords

/// How a disk file of the user's is started instead of an image.
public struct DiskUse: Sendable {
    /// The disk.
    public let disk: PlainDisk
    /// The architecture of its guest.
    public let architecture: GuestArchitecture
    /// Whether the guest writes to the disk itself; else it writes to one that is made over it.
    public let isWritten: Bool
    /// A folder with a `bootstrap.sh` that the guest is handed on a disk when it boots.
    public let volume: HostPath?

    /// Describes the use of a disk.
    public init(
        _ disk: PlainDisk,
        _ architecture: GuestArchitecture,
        isWritten: Bool = false,
        volume: HostPath? = nil
    ) {
        self.disk = disk
        self.architecture = architecture
        self.isWritten = isWritten
        self.volume = volume
    }

    /// How the guest takes what it is handed.
    var agent: GuestImage.Agent { volume == nil ? .none : .usb }

    /// Sees that the disk can be used so.
    func check() throws {
        guard !isWritten || disk.isWritable else {
            throw Failure(
                .notPermitted,
                "the disk \(disk.path) is not writable, and the guest is to write to it"
            )
        }
    }

    /// Keeps other runs from writing to a disk, which would destroy it.
    static func lock(_ path: HostPath) throws -> FileLock {
        do {
            return try FileLock(unlessHeld: path)
        } catch let failure as Failure where failure.code == .timeout {
            throw Failure(
                .timeout,
                "another run writes to the disk \(path) just now",
                hint: "wait for its end; two guests that write to one disk destroy it"
            )
        }
    }

    /// What it may cost to use the disk so.
    var warning: String? {
        if isWritten {
            return
                "the guest writes to \(disk.path) itself: what it does there stays, and no later run begins as this one"
        }
        return disk.isWritable
            ? "the disk \(disk.path) is writable: whoever changes it breaks the runs that lie over it" : nil
    }
}
