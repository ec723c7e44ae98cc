import Foundation
import Glibc
import HostSupport

/// What files take of the disk.
enum DiskUsage {
    /// The bytes that a folder's files take, each counted once whatever its names; links are not followed.
    static func bytes(in folder: HostPath) -> UInt64 {
        var seen: Set<UInt64> = []
        var sum: UInt64 = 0
        guard let names = FileManager.default.enumerator(atPath: folder.string) else { return 0 }
        while let name = names.nextObject() as? String {
            var status = stat()
            guard lstat((folder / name).string, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                continue
            }
            if status.st_nlink > 1, !seen.insert(UInt64(status.st_ino)).inserted { continue }
            sum += UInt64(max(0, status.st_blocks)) * 512
        }
        return sum
    }
}
