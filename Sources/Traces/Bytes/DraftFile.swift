import Glibc

/// A file that is being written under a name of its own, and gets its name when it is whole; until then it is removed
/// when it goes out of scope.
final class DraftFile {
    /// How much is in memory at a time, in bytes.
    private static let chunk = 1 << 20
    private let path: String
    private let draft: String
    private let descriptor: Int32
    private var isPublished = false
    /// How many bytes have been appended.
    private(set) var byteCount = 0

    init(for path: String) throws(TraceFormatError) {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[...$0]) } ?? ""
        let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        guard !path.utf8.contains(0), !name.isEmpty else {
            throw TraceFormatError(.cannotWrite, "expected the path of a file: found \"\(path)\"")
        }
        self.path = path
        draft = "\(folder).\(name).\(getpid()).new"
        let draft = draft
        // What a process of the same number left when it died.
        unlink(draft)
        descriptor = retrying { open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644) }
        guard descriptor >= 0 else {
            throw TraceFormatError(.cannotWrite, "failed to make \"\(path)\": \(describe(errno))")
        }
    }

    deinit {
        close(descriptor)
        if !isPublished { unlink(draft) }
    }

    /// Appends what the source has at the same place, up to `end`, a little at a time.
    func append(_ source: borrowing RegularFile, upTo end: Int) throws(TraceFormatError) {
        while byteCount < end {
            let bytes = try source.read(byteCount..<min(end, byteCount + Self.chunk))
            guard !bytes.isEmpty else {
                throw TraceFormatError(.cannotRead, "\"\(source.path)\" became shorter while it was copied")
            }
            try write(bytes, at: byteCount)
            byteCount += bytes.count
        }
    }

    /// Writes bytes at a place.
    func write(_ bytes: [UInt8], at offset: Int) throws(TraceFormatError) {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes { bytes in
                pwrite(
                    descriptor,
                    bytes.baseAddress.map { $0 + done },
                    bytes.count - done,
                    off_t(offset + done)
                )
            }
            if written > 0 {
                done += written
            } else if written == 0 || errno != EINTR {
                throw failure()
            }
        }
    }

    /// Gives the file its name, when all of it is on the disk.
    func publish(replacing replaces: Bool) throws(TraceFormatError) {
        guard fsync(descriptor) == 0 else { throw failure() }
        if replaces {
            guard rename(draft, path) == 0 else { throw failure() }
        } else {
            // Unlike `rename`, this fails where the name is taken.
            guard link(draft, path) == 0 else { throw failure() }
            unlink(draft)
        }
        isPublished = true
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let opened = retrying { open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        if opened >= 0 {
            fsync(opened)
            close(opened)
        }
    }

    private func failure() -> TraceFormatError {
        TraceFormatError(.cannotWrite, "failed to write \"\(path)\": \(describe(errno))")
    }
}
