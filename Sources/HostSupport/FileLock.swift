import Glibc

/// A lock between processes, held on a file until the value is released; the kernel lets go of it in a crash.
public final class FileLock: Sendable {
    private let file: Int32

    /// Takes the lock, waiting for whoever holds it.
    ///
    /// - Parameter path: The lock's file; it is made, and stays.
    /// - Throws: ``Failure`` where the file cannot be made or locked.
    public convenience init(_ path: HostPath) throws {
        try self.init(path, operation: LOCK_EX)
    }

    /// Takes the lock, unless somebody holds it.
    ///
    /// - Parameter path: The lock's file; it is made, and stays.
    /// - Throws: ``Failure`` with ``Failure/Code/timeout`` where somebody holds it.
    public convenience init(unlessHeld path: HostPath) throws {
        try self.init(path, operation: LOCK_EX | LOCK_NB)
    }

    /// Takes the lock, waiting for whoever holds it without keeping a thread.
    ///
    /// - Parameter path: The lock's file; it is made, and stays.
    /// - Returns: The lock.
    /// - Throws: ``Failure`` where the file cannot be made or locked; `CancellationError`.
    public static func wait(for path: HostPath) async throws -> FileLock {
        while true {
            do {
                return try FileLock(unlessHeld: path)
            } catch let failure as Failure where failure.code == .timeout {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    private init(_ path: HostPath, operation: Int32) throws {
        file = open(path.string, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw Failure(.cannotCreate, "cannot open the lock \(path): \(systemMessage(errno))")
        }
        while flock(file, operation) != 0 {
            guard errno == EINTR else {
                // The file is closed by deinit, which runs since everything is initialised.
                let number = errno
                throw Failure(
                    number == EWOULDBLOCK ? .timeout : .system,
                    "cannot lock \(path): \(systemMessage(number))"
                )
            }
        }
    }

    deinit { close(file) }
}
