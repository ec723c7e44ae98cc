import Glibc
import HostSupport

/// A file's bytes, mapped for reading for as long as this lives.
final class MappedFile: Sendable {
    // Nobody writes to them, so threads may share the pointer.
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    /// - Throws: ``StoreError`` with `cannotAccess`.
    init(_ path: HostPath) throws(StoreError) {
        func failure(_ what: String) -> StoreError {
            StoreError(.cannotAccess, "cannot \(what) \(path): \(systemMessage(errno))")
        }
        let file = open(path.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { throw failure("open") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("look at") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.cannotAccess, "\(path) is no regular file")
        }
        guard status.st_size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let size = Int(status.st_size)
        // Faults one by one would take as long as the packing.
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0), start != MAP_FAILED
        else { throw failure("map") }
        bytes = UnsafeRawBufferPointer(start: start, count: size)
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }
}
