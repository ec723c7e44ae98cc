import Glibc

/// A socket in the file system that another process connects to.
public final class UnixListener: Sendable {
    /// The longest path that fits into a socket's address, in bytes (`sun_path`, with its zero).
    public static let longestPath = 107

    /// The socket's path.
    public let path: HostPath
    private let handle: Int32

    /// Makes the socket.
    ///
    /// - Parameter path: Its path, of at most ``longestPath`` bytes.
    /// - Throws: ``Failure`` where the path is too long or the socket cannot be made.
    public init(_ path: HostPath) throws {
        guard path.byteCount <= Self.longestPath else {
            throw Failure(
                .cannotCreate,
                "the socket's path \(path) has \(path.byteCount) bytes; at most \(Self.longestPath) fit",
                hint: "set XDG_RUNTIME_DIR to a shorter path"
            )
        }
        self.path = path
        handle = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.string.utf8) }
        unlink(path.string)
        let isBound = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(handle, generic, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard handle >= 0, isBound, listen(handle, 1) == 0 else {
            // The handle is closed by deinit, which runs since everything is initialised.
            throw Failure(.cannotCreate, "cannot make the socket \(path): \(systemMessage(errno))")
        }
    }

    /// Waits for somebody to connect.
    ///
    /// - Parameter limit: How long to wait.
    /// - Returns: The connection, or nothing where nobody came.
    /// - Throws: `CancellationError`, or ``Failure`` where the socket is broken.
    public func accept(within limit: Duration) async throws -> UnixConnection? {
        try await poll(for: limit, every: .milliseconds(10)) { () -> UnixConnection? in
            guard UnixConnection.isReadable(handle) else { return nil }
            let connection = Glibc.accept(handle, nil, nil)
            guard connection >= 0 else {
                throw Failure(.system, "cannot accept on \(path): \(systemMessage(errno))")
            }
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            return UnixConnection(handle: connection)
        }
    }

    deinit {
        close(handle)
        unlink(path.string)
    }
}

/// One end of a connection to another process.
public final class UnixConnection: Sendable {
    let handle: Int32

    init(handle: Int32) {
        self.handle = handle
    }

    /// Reads what has arrived, without waiting.
    ///
    /// - Parameter limit: The most bytes to read.
    /// - Returns: The bytes, none where nothing has arrived; nothing where the other side is gone.
    public func readAvailable(limit: Int = 64 << 10) -> [UInt8]? {
        guard Self.isReadable(handle) else { return [] }
        return read(limit: limit)
    }

    /// Reads what has arrived, and waits for it on this thread.
    ///
    /// - Parameter limit: The most bytes to read.
    /// - Returns: At least one byte; nothing where the other side is gone.
    public func read(limit: Int = 64 << 10) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            var received = recv(handle, buffer.baseAddress, limit, 0)
            while received < 0, errno == EINTR { received = recv(handle, buffer.baseAddress, limit, 0) }
            count = max(received, 0)
        }
        return bytes.isEmpty ? nil : bytes
    }

    /// Writes all bytes, and waits without a thread where the other side is slow to read.
    ///
    /// - Parameter bytes: The bytes.
    /// - Throws: ``Failure`` where the other side is gone; `CancellationError`.
    public func write(_ bytes: [UInt8]) async throws {
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(handle, $0.baseAddress, $0.count, flags) }
            if sent < 0, errno == EINTR { continue }
            if sent < 0, errno == EAGAIN || errno == EWOULDBLOCK {
                try await Task.sleep(for: .milliseconds(5))
                continue
            }
            guard sent > 0 else {
                throw Failure(.guest, "cannot write to the guest: \(systemMessage(errno))")
            }
            rest = rest.dropFirst(sent)
        }
    }

    /// Ends the connection in both directions; whoever waits in ``read(limit:)`` returns.
    public func shutdown() {
        Glibc.shutdown(handle, Int32(SHUT_RDWR))
    }

    static func isReadable(_ handle: Int32) -> Bool {
        var question = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&question, 1, 0) > 0
    }

    deinit { close(handle) }
}
