import Foundation
import Glibc
import HostSupport

/// A file's size and SHA-256 digest.
public struct FileDigest: Sendable, Codable, Hashable {
    /// The size in bytes.
    public let bytes: UInt64
    /// The SHA-256 digest, in hexadecimal.
    public let sha256: String

    /// States a size and a digest.
    public init(bytes: UInt64, sha256: String) {
        self.bytes = bytes
        self.sha256 = sha256
    }

    /// Reads a file to its end.
    ///
    /// - Parameter path: The file; a symbolic link to one is none.
    /// - Throws: ``HostSupport/Failure`` where it cannot be read; `CancellationError`.
    init(of path: HostPath) throws {
        let file = open(path.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            throw Failure(.inputOutput, "cannot read \(path): \(systemMessage(errno))")
        }
        defer { close(file) }
        var digest = RunningDigest(.sha256)
        var total: UInt64 = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            try Task.checkCancellation()
            let count = Glibc.read(file, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw Failure(.inputOutput, "cannot read \(path): \(systemMessage(errno))")
            }
            if count == 0 { break }
            digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            total += UInt64(count)
        }
        self.init(bytes: total, sha256: digest.text)
    }

    /// Reads files to their ends, several at once, on threads that no other task waits for.
    ///
    /// - Parameters:
    ///   - names: The files' paths below `folder`.
    ///   - folder: The folder.
    ///   - progress: Is told how many bytes have been read of them all, whenever a file is done.
    /// - Returns: What each is, or why it cannot be read.
    /// - Throws: `CancellationError`.
    static func read(
        _ names: [String],
        in folder: HostPath,
        progress: @Sendable (UInt64) -> Void = { _ in }
    ) async throws -> [String: Result<FileDigest, Failure>] {
        var results: [String: Result<FileDigest, Failure>] = [:]
        var read: UInt64 = 0
        try await withThrowingTaskGroup(of: (String, Result<FileDigest, Failure>).self) { group in
            var rest = names.makeIterator()
            func start() -> Bool {
                guard let name = rest.next() else { return false }
                group.addTask(executorPreference: OwnThreads.shared) {
                    do { return (name, .success(try FileDigest(of: folder / name))) } catch let failure
                        as Failure
                    {
                        return (name, .failure(failure))
                    }
                }
                return true
            }
            for _ in 0..<max(1, ProcessInfo.processInfo.activeProcessorCount) where !start() { break }
            while let (name, result) = try await group.next() {
                results[name] = result
                read += (try? result.get().bytes) ?? 0
                progress(read)
                _ = start()
            }
        }
        return results
    }
}
