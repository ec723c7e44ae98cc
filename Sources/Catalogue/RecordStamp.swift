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

    init(changed: Int64, bytes: Int64) {
        self.changed = changed
        self.bytes = bytes
    }

    init(_ folder: RunFolder) {
        var status = stat()
        let isThere = stat(folder.record.string, &status) == 0
        if !isThere { _ = stat(folder.path.string, &status) }
        changed = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        bytes = isThere ? Int64(status.st_size) : -1
    }

    var date: Date { Date(timeIntervalSince1970: Double(changed) / 1e9) }
}
