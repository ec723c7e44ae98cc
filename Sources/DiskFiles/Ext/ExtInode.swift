/// An inode: what a file is, but for its name and contents.
public struct ExtInode: Sendable, Hashable {
    /// What a file can be.
    public enum Kind: String, Sendable, CaseIterable {
        /// A regular file.
        case file
        /// A directory.
        case directory
        /// A symbolic link.
        case link
        /// A character device.
        case characterDevice = "character-device"
        /// A block device.
        case blockDevice = "block-device"
        /// A named pipe.
        case pipe
        /// A socket.
        case socket
        /// None of these.
        case unknown
    }

    /// A time, as precise as the inode has it.
    public struct Time: Sendable, Hashable {
        /// Seconds since 1970.
        public let seconds: Int64
        /// Nanoseconds beyond these, below a thousand million.
        public let nanoseconds: UInt32
    }

    enum Flag {
        static let encrypted: UInt32 = 0x800
        static let extents: UInt32 = 0x80000
        static let inline: UInt32 = 0x1000_0000
    }

    /// Its number, from 1.
    public let number: UInt32
    let record: Record

    init(_ number: UInt32, _ record: Record) {
        self.number = number
        self.record = record
    }

    /// Compares what the disk has, wherever it lies there.
    public static func == (left: ExtInode, right: ExtInode) -> Bool {
        left.number == right.number && left.record.bytes == right.record.bytes
    }

    /// Hashes what the disk has.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(number)
        hasher.combine(record.bytes)
    }

    /// The byte of the disk that it lies at.
    public var offset: UInt64 { record.place }

    /// What the file is.
    public var kind: Kind {
        switch record.half(0) >> 12 {
        case 0x1: .pipe
        case 0x2: .characterDevice
        case 0x4: .directory
        case 0x6: .blockDevice
        case 0x8: .file
        case 0xa: .link
        case 0xc: .socket
        default: .unknown
        }
    }

    /// Permissions, with set-user-id, set-group-id and sticky bit.
    public var mode: UInt32 { UInt32(record.half(0) & 0xfff) }
    /// The owner's number.
    public var user: UInt32 { UInt32(record.half(2)) | UInt32(record.half(120)) << 16 }
    /// The group's number.
    public var group: UInt32 { UInt32(record.half(24)) | UInt32(record.half(122)) << 16 }
    /// How many names it has.
    public var links: Int { Int(record.half(26)) }
    /// The size in bytes.
    public var byteCount: UInt64 {
        // In small inodes of old directories the upper half means something else.
        kind == .file || kind == .directory ? record.joined(4, 108) : UInt64(record.word(4))
    }
    /// When the contents were changed last.
    public var modified: Time { time(16, 136) }
    /// When the inode was changed last.
    public var changed: Time { time(12, 132) }
    /// When it was read last, if the guest keeps that.
    public var accessed: Time { time(8, 140) }
    /// Flags such as immutable (lsattr(1)), as the disk has them.
    public var flags: UInt32 { record.word(32) }
    /// The number of a device.
    public var device: UInt32 { record.word(40) != 0 ? record.word(40) : record.word(44) }

    /// Whether the disk has nothing of such a number: never used, or removed.
    var isFree: Bool { record.half(0) == 0 || links == 0 && record.word(20) != 0 }

    func has(_ flag: UInt32) -> Bool { flags & flag != 0 }

    /// The 60 bytes that lead to the contents, or are them.
    var map: Record { Record(record.slice(40..<100), at: record.place + 40) }

    /// How many bytes behind the first 128 are fields.
    var extraBytes: Int { record.count > 128 ? Int(record.half(128)) : 0 }

    /// The block with extended attributes; 0 where there is none.
    var attributeBlock: UInt64 { UInt64(record.word(104)) | UInt64(record.half(118)) << 32 }

    /// Whether nothing but the time of reading, and checksums, differs: then the contents are the same.
    public func isSame(as other: ExtInode) -> Bool {
        guard number == other.number, record.count == other.record.count else { return false }
        return record.bytes == other.record.bytes || settled == other.settled
    }

    /// The bytes without what reading changes.
    private var settled: [UInt8] {
        var bytes = record.bytes
        var volatile = [8..<12, 124..<126]
        if extraBytes >= 4 { volatile.append(130..<132) }
        if extraBytes >= 16 { volatile.append(140..<144) }
        for range in volatile where range.upperBound <= bytes.count {
            bytes.replaceSubrange(range, with: repeatElement(0, count: range.count))
        }
        return bytes
    }

    private func time(_ low: Int, _ extra: Int) -> Time {
        let seconds = Int64(Int32(bitPattern: record.word(low)))
        guard extraBytes >= extra + 4 - 128, record.count >= extra + 4 else {
            return Time(seconds: seconds, nanoseconds: 0)
        }
        let more = record.word(extra)
        return Time(seconds: seconds + Int64(more & 3) << 32, nanoseconds: min(more >> 2, 999_999_999))
    }
}
