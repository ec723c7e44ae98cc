import Glibc

/// A raw disk in a regular file of the host, open for reading.
public final class RawDisk: RandomAccess {
    /// The file's path.
    public let path: String
    /// How many bytes it had when it was opened.
    public let byteCount: UInt64
    private let descriptor: Int32

    /// Opens a file; a symbolic link, a pipe or a device is refused.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``DiskFormatError`` with code `cannotOpen`.
    public init(path: String) throws(DiskFormatError) {
        // A path cut short at a NUL would name another file.
        guard !path.utf8.contains(0) else {
            throw DiskFormatError(.cannotOpen, "failed to open a disk: its path contains a NUL")
        }
        let opened = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        guard opened >= 0 else {
            throw DiskFormatError(.cannotOpen, "failed to open \"\(path)\": \(Self.words(errno))")
        }
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw DiskFormatError(.cannotOpen, "expected a regular file: \"\(path)\" is something else")
        }
        self.path = path
        descriptor = opened
        byteCount = UInt64(status.st_size)
    }

    deinit { close(descriptor) }

    /// Reads bytes.
    ///
    /// - Parameters:
    ///   - offset: Where they begin.
    ///   - count: How many to read.
    /// - Returns: Exactly `count` bytes.
    /// - Throws: ``DiskFormatError`` with code `beyondEnd` or `cannotRead`.
    public func read(at offset: UInt64, count: Int) throws(DiskFormatError) -> [UInt8] {
        try require(offset, count)
        var failure: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, let base = buffer.baseAddress {
                let got = pread(descriptor, base + filled, count - filled, off_t(offset) + off_t(filled))
                if got > 0 {
                    filled += got
                } else if got == 0 || errno != EINTR {
                    failure = got == 0 ? 0 : errno
                    return
                }
            }
        }
        guard let failure else { return bytes }
        let reason = failure == 0 ? "it has become shorter" : Self.words(failure)
        throw DiskFormatError(.cannotRead, at: offset, "failed to read \"\(path)\": \(reason)")
    }

    /// The system's words for an error number.
    private static func words(_ number: Int32) -> String {
        var text = [CChar](repeating: 0, count: 256)
        // strerror shares one buffer between threads.
        guard strerror_r(number, &text, text.count) == 0 else { return "error \(number)" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
