import Glibc
import HostSupport

/// A file of known size that is written through memory, and gets its name when it is whole.
final class MappedDraft {
    let bytes: UnsafeMutableRawBufferPointer
    private let target: HostPath
    private let file: Int32
    private var isDone = false

    /// Makes the file beside its place, with all the room that it needs.
    ///
    /// - Throws: ``StoreError`` with `cannotAccess`, also where the disk has not the room.
    init(_ target: HostPath, byteCount: Int) throws(StoreError) {
        func failure(_ number: Int32) -> StoreError {
            StoreError(.cannotAccess, "cannot write \(target): \(systemMessage(number))")
        }
        let file = open(target.draft.string, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw failure(errno) }
        var isKept = false
        defer {
            if !isKept {
                close(file)
                unlink(target.draft.string)
            }
        }
        // Without its blocks a full disk would end this process at the first byte that has no place.
        let reserved = byteCount > 0 ? posix_fallocate(file, 0, off_t(byteCount)) : 0
        guard reserved == 0 else { throw failure(reserved) }
        if byteCount > 0 {
            let start = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
            guard let start, start != MAP_FAILED else { throw failure(errno) }
            // Advice only: page by page, faults take as long as unpacking does.
            _ = madvise(start, byteCount, MADV_POPULATE_WRITE)
            bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
        } else {
            bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        }
        self.target = target
        self.file = file
        isKept = true
    }

    /// Puts the file on the disk and gives it its name.
    func finish() throws {
        guard fsync(file) == 0 else {
            throw StoreError(.cannotAccess, "cannot write \(target): \(systemMessage(errno))")
        }
        try FileSystem.rename(target.draft, to: target)
        isDone = true
    }

    deinit {
        if let start = bytes.baseAddress { munmap(start, bytes.count) }
        close(file)
        if !isDone { unlink(target.draft.string) }
    }
}
