import Glibc
import HostSupport

/// The bytes of a regular file.
final class FileProducer: ByteProducer {
    private let path: HostPath
    private let descriptor: Int32
    private let block = Block()
    let byteCount: UInt64
    private(set) var consumed: UInt64 = 0

    /// Opens a file, through a symbolic link only if it may be one; opening a pipe or a device does not block.
    init(_ path: HostPath, followsLinks: Bool) throws {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (followsLinks ? 0 : O_NOFOLLOW)
        let opened = open(path.string, flags)
        guard opened >= 0 else {
            throw Failure(
                errno == ENOENT ? .notFound : .inputOutput,
                "cannot open \(path): \(systemMessage(errno))"
            )
        }
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw Failure(.badData, "expected a regular file: \(path) is something else")
        }
        self.path = path
        descriptor = opened
        byteCount = UInt64(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// Goes on at another place.
    func seek(to offset: UInt64) throws {
        guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
            throw Failure(.inputOutput, "cannot read \(path): \(systemMessage(errno))")
        }
        consumed = offset
    }

    func next() throws -> UnsafeRawBufferPointer? {
        try checkForInterrupt()
        while true {
            let got = read(descriptor, block.bytes.baseAddress, block.bytes.count)
            if got > 0 {
                consumed += UInt64(got)
                return block.prefix(got)
            }
            if got == 0 { return nil }
            guard errno == EINTR else {
                throw Failure(.inputOutput, "cannot read \(path): \(systemMessage(errno))")
            }
            try checkForInterrupt()
        }
    }
}

/// Bytes that are in memory already.
final class MemoryProducer: ByteProducer {
    private let bytes: Block
    private let range: Range<Int>
    private(set) var consumed: UInt64 = 0

    init(_ source: some Collection<UInt8>, from start: Int = 0) {
        bytes = Block(max(1, source.count))
        bytes.bytes.copyBytes(from: source)
        range = min(start, source.count)..<source.count
        consumed = UInt64(range.lowerBound)
    }

    func next() -> UnsafeRawBufferPointer? {
        let start = Int(consumed)
        guard start < range.upperBound else { return nil }
        let end = min(range.upperBound, start + blockBytes)
        consumed = UInt64(end)
        return UnsafeRawBufferPointer(rebasing: bytes.bytes[start..<end])
    }
}
