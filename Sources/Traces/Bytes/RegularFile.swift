import Glibc

/// An open regular file, closed when it goes out of scope.
///
/// The last component of the path is never followed if it is a symbolic link, and opening a pipe or a
/// device does not block.
struct RegularFile: ~Copyable {
    let path: String
    let descriptor: Int32
    let byteCount: Int

    init(path: String) throws(TraceFormatError) {
        // A path cut short at a NUL would name another file.
        guard !path.utf8.contains(0) else {
            throw TraceFormatError(.cannotOpen, "failed to open a file: its path contains a NUL")
        }
        let opened = retrying { open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY) }
        guard opened >= 0 else {
            let reason = errno == ELOOP ? "it is a symbolic link" : describe(errno)
            throw TraceFormatError(.cannotOpen, "failed to open \"\(path)\": \(reason)")
        }
        var status = stat()
        guard fstat(opened, &status) == 0 else {
            let reason = describe(errno)
            close(opened)
            throw TraceFormatError(.cannotRead, "failed to examine \"\(path)\": \(reason)")
        }
        guard isRegular(status) else {
            close(opened)
            throw TraceFormatError(.notRegularFile, "expected a regular file: \"\(path)\" is something else")
        }
        self.path = path
        descriptor = opened
        byteCount = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// Reads the bytes of `range`, fewer only if the file has become shorter meanwhile.
    func read(_ range: Range<Int>) throws(TraceFormatError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count, let base = buffer.baseAddress {
                let offset = range.lowerBound + filled
                let got = pread(descriptor, base + filled, range.count - filled, off_t(offset))
                if got > 0 {
                    filled += got
                } else if got == 0 {
                    return
                } else if errno != EINTR {
                    failure = errno
                    return
                }
            }
        }
        guard failure == 0 else {
            throw TraceFormatError(.cannotRead, "failed to read \"\(path)\": \(describe(failure))")
        }
        return bytes
    }
}

/// Calls `operation` again as long as a signal interrupts it.
func retrying(_ operation: () -> Int32) -> Int32 {
    while true {
        let result = operation()
        if result >= 0 || errno != EINTR { return result }
    }
}

func isRegular(_ status: stat) -> Bool {
    status.st_mode & S_IFMT == S_IFREG
}

/// The system's words for an error number.
func describe(_ number: Int32) -> String {
    var text = [CChar](repeating: 0, count: 256)
    // strerror shares one buffer between threads.
    guard strerror_r(number, &text, text.count) == 0 else { return "error \(number)" }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
