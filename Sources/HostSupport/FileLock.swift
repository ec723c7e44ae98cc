import Glibc

/// A lock between processes, held on a file until the value is released; the kernel lets go of it in a crash.
public final class FileLock: Sendable {
    private let file: Int32

    /// Takes the lock, waiting for whoever holds it.
    ///
    /// - Parameter path: The lock's file; it is made, and stays.
    /// - Throws: ``Failure`` where the file cannot be made or locked.
    public init(_ path: HostPath) throws {
        file = open(path.string, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw Failure(.cannotCreate, "cannot open the lock \(path): \(systemMessage(errno))")
        }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else {
                // The file is closed by deinit, which runs since everything is initialised.
                throw Failure(.system, "cannot lock \(path): \(systemMessage(errno))")
            }
        }
    }

    deinit { close(file) }
}
