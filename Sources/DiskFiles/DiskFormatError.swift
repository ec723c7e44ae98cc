/// Why a disk, or a structure on it, cannot be read or believed.
public struct DiskFormatError: Error, Hashable, Sendable {
    /// The kinds of trouble.
    public enum Code: String, Sendable {
        /// The file cannot be opened, or is no regular file.
        case cannotOpen
        /// The system failed to read the file.
        case cannotRead
        /// Something lies beyond the end of the disk.
        case beyondEnd
        /// A partition table is damaged.
        case invalidPartitionTable
        /// There is no ext2, ext3 or ext4 file system.
        case notExt
        /// The file system or image uses something that is not known here.
        case unsupportedFeature
        /// The superblock contradicts itself or the disk.
        case invalidSuperblock
        /// A group descriptor leads nowhere.
        case invalidGroup
        /// An inode is damaged, or there is none of that number.
        case invalidInode
        /// The map from a file's blocks to the disk's is damaged.
        case invalidMapping
        /// A directory is damaged.
        case invalidDirectory
        /// Extended attributes are damaged.
        case invalidAttributes
        /// The header of a qcow2 image is damaged.
        case invalidImage
        /// Something is deeper, longer or more than a sound file system can hold, or than is read here.
        case tooMuch
    }

    /// What is wrong, for programs.
    public var code: Code
    /// Where it is wrong, in bytes from the start of the disk; `nil` when the trouble is the file as a whole.
    public var offset: UInt64?
    /// What was expected and what was found, for people.
    public var message: String

    /// Makes an error from its parts.
    public init(_ code: Code, at offset: UInt64? = nil, _ message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }
}

extension DiskFormatError: CustomStringConvertible {
    /// The message, preceded by the place it speaks of.
    public var description: String { offset.map { "byte \($0): \(message)" } ?? message }
}
