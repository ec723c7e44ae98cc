import Foundation
import HostSupport

/// Gives the inodes of a new ext4 times that do not depend on when it was made.
///
/// `mke2fs -d` takes the times of access and change from the files that it copies, which cannot be chosen. The
/// file system must be one of ours: 4096-byte blocks, 32-byte group descriptors, no checksums. The layout is
/// Linux's `Documentation/filesystems/ext4`.
struct InodeTimes {
    /// Seconds since 1970.
    let time: UInt32

    private static let block: UInt64 = 4096

    /// Sets the times of access, change and creation of all inodes of a file system.
    func fix(_ disk: HostPath) throws {
        do {
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: disk.string))
            defer { try? file.close() }
            try fix(file, disk)
        } catch let error as CocoaError {
            throw Failure(.inputOutput, "cannot change the times in \(disk)", cause: error)
        }
    }

    private func fix(_ file: FileHandle, _ disk: HostPath) throws {
        let superblock = try read(file, at: 1024, count: 1024, disk)
        let perGroup = superblock.number(at: 40)
        let inodes = superblock.number(at: 0)
        let inodeSize = superblock.number(at: 88) & 0xffff
        guard superblock.number(at: 56) & 0xffff == 0xef53, superblock.number(at: 24) == 2, perGroup > 0,
            inodeSize == 256, perGroup <= 8 * UInt32(Self.block), inodes / perGroup <= 1 << 16
        else { throw Failure(.badData, "\(disk) is not the file system that mke2fs was asked for") }
        let groups = inodes / perGroup
        let descriptors = try read(file, at: Self.block, count: Int(groups) * 32, disk)
        for group in 0..<Int(groups) {
            let table = UInt64(descriptors.number(at: group * 32 + 8)) * Self.block
            let count = Int(perGroup) * Int(inodeSize)
            var inodes = try read(file, at: table, count: count, disk)
            guard inodes.contains(where: { $0 != 0 }) else { continue }
            for start in stride(from: 0, to: count, by: Int(inodeSize)) where inodes.number(at: start) != 0 {
                // mtime is the archive's, but of inodes that mke2fs makes by itself.
                if inodes.number(at: start + 16) > time { inodes.set(time, at: start + 16) }
                // atime, ctime and crtime; then the nanoseconds of ctime, mtime, atime and crtime.
                for place in [8, 12, 144] { inodes.set(time, at: start + place) }
                for place in [132, 136, 140, 148] { inodes.set(0, at: start + place) }
            }
            try file.seek(toOffset: table)
            try file.write(contentsOf: inodes)
        }
    }

    private func read(_ file: FileHandle, at offset: UInt64, count: Int, _ disk: HostPath) throws -> Data {
        try file.seek(toOffset: offset)
        let data = try file.read(upToCount: count) ?? Data()
        guard data.count == count else {
            throw Failure(.badData, "\(disk) ends at byte \(offset + UInt64(data.count)), inside its tables")
        }
        return data
    }
}

extension Data {
    /// The little-endian number of four bytes at a place.
    fileprivate func number(at place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(self[startIndex + place + $1]) << (8 * UInt32($1)) }
    }

    fileprivate mutating func set(_ value: UInt32, at place: Int) {
        for byte in 0..<4 { self[startIndex + place + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
    }
}
