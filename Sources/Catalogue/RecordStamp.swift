import Foundation
import Glibc
import HostSupport
import RunRecords

/// What tells a run's record from what it was before, without reading it.
struct RecordStamp: Sendable, Hashable {
    /// When it was changed last, in nanoseconds since 1970; of the folder where there is no record.
    let changed: Int64
    /// Its size; -1 where there is none.
    let bytes: Int64
    /// Whether there is a folder at all.
    let isOfFolder: Bool

    private static let suffix = "/" + RunFolder(".").record.name

    /// What no file has.
    static let unknown = RecordStamp(changed: .min, bytes: .min)

    init(changed: Int64, bytes: Int64) {
        self.changed = changed
        self.bytes = bytes
        isOfFolder = true
    }

    init(_ folder: RunFolder) { self.init(of: folder.path.string, in: AT_FDCWD) }

    /// The stamp of the run in a folder of another one that is open.
    init(of name: String, in descriptor: Int32) {
        var status = stat()
        if fstatat(descriptor, name + Self.suffix, &status, 0) == 0 {
            isOfFolder = true
            bytes = Int64(status.st_size)
        } else {
            isOfFolder = fstatat(descriptor, name, &status, 0) == 0 && status.st_mode & S_IFMT == S_IFDIR
            bytes = -1
        }
        changed = status.nanosecondsOfChange
    }

    var date: Date { Date(timeIntervalSince1970: Double(changed) / 1e9) }
}
