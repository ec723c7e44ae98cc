import Glibc

/// A file that is read through a window of fixed size, so that memory stays bounded whatever the file's.
///
/// It is read and not mapped: a file that somebody shortens meanwhile is an error here, and a signal there.
final class FileWindow {
    /// The file's size when it was opened, in bytes.
    let size: UInt64
    private let file: Int32
    private var buffer: UnsafeMutableRawBufferPointer
    private var start: UInt64 = 0
    private var count = 0

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file; a symbolic link is refused, since a hostile engine could have planted it.
    ///   - windowSize: How many bytes are kept in memory.
    /// - Throws: ``TraceFormatError`` with `unreadable`.
    init(_ path: String, windowSize: Int = 1 << 20) throws(TraceFormatError) {
        file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            throw TraceFormatError(.unreadable, offset: 0, "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(file)
            throw TraceFormatError(.unreadable, offset: 0, "\(path) is not a regular file")
        }
        size = UInt64(status.st_size)
        buffer = .allocate(byteCount: windowSize, alignment: 16)
    }

    deinit {
        buffer.deallocate()
        close(file)
    }

    /// The bytes at an offset, valid until the next call; nothing where the file has not that many there.
    func bytes(at offset: UInt64, count wanted: Int) -> UnsafeRawBufferPointer? {
        if offset < start || offset - start > UInt64(count) || Int(offset - start) + wanted > count {
            guard wanted <= buffer.count, fill(at: offset), wanted <= count else { return nil }
        }
        return UnsafeRawBufferPointer(rebasing: buffer[Int(offset - start)..<Int(offset - start) + wanted])
    }

    private func fill(at offset: UInt64) -> Bool {
        start = offset
        count = 0
        guard offset <= size else { return false }
        while count < buffer.count {
            let got = pread(file, buffer.baseAddress?.advanced(by: count), buffer.count - count, off_t(offset) + off_t(count))
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { break }
            count += got
        }
        return true
    }
}

extension UnsafeRawBufferPointer {
    /// The little-endian number at an offset, which need not be aligned.
    func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Number.Type) -> Number {
        Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }

    /// The big-endian number at an offset, which need not be aligned.
    func bigEndian<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Number.Type) -> Number {
        Number(bigEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }
}
