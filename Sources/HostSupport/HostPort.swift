import Glibc

/// Questions about TCP and UDP ports of this host.
public enum HostPort {
    /// The protocol that a port belongs to.
    public enum Transport: String, Sendable, Codable, CaseIterable {
        /// TCP.
        case tcp
        /// UDP.
        case udp
    }

    /// Whether `port` can be bound at `address` right now.
    public static func isFree(_ port: UInt16, address: String, transport: Transport = .tcp) -> Bool {
        bound(port, address: address, transport: transport) != nil
    }

    /// A port of the loopback address that nobody has bound.
    ///
    /// Another process may take it before it is used; whoever uses it must be ready for that.
    ///
    /// - Returns: The port.
    /// - Throws: ``Failure`` with ``Failure/Code/unavailable`` where no port is left.
    public static func choose() throws -> UInt16 {
        guard let port = bound(0, address: "127.0.0.1", transport: .tcp) else {
            throw Failure(.unavailable, "no TCP port of 127.0.0.1 is free: \(systemMessage(errno))")
        }
        return port
    }

    /// What a TCP service of this host says first, such as an ssh server's banner.
    ///
    /// - Parameters:
    ///   - address: An IPv4 or IPv6 address; the loopback address by default.
    ///   - port: The port.
    ///   - limit: How long to wait for a connection and the first bytes.
    /// - Returns: The first line, of at most 255 bytes; nothing where nobody answers in time.
    /// - Throws: `CancellationError`.
    public static func banner(
        address: String = "127.0.0.1",
        port: UInt16,
        within limit: Duration
    ) async throws -> String? {
        let deadline = ContinuousClock.now + limit
        guard let handle = startConnecting(address, port) else { return nil }
        defer { close(handle) }
        let isConnected = try await poll(for: limit, every: .milliseconds(10)) { () -> Bool? in
            var question = pollfd(fd: handle, events: Int16(POLLOUT), revents: 0)
            guard Glibc.poll(&question, 1, 0) > 0 else { return nil }
            var problem: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            return getsockopt(handle, SOL_SOCKET, SO_ERROR, &problem, &length) == 0 && problem == 0
        }
        guard isConnected == true else { return nil }
        return try await poll(for: deadline - ContinuousClock.now) {
            guard UnixConnection.isReadable(handle) else { return nil }
            var bytes = [UInt8](repeating: 0, count: 255)
            let count = recv(handle, &bytes, bytes.count, 0)
            let line = bytes.prefix(max(count, 0)).prefix { $0 != 0x0D && $0 != 0x0A }
            return String(decoding: line, as: UTF8.self)
        }
    }

    /// A socket that does not wait until it is connected; nothing where the address is none, or is refused at once.
    private static func startConnecting(_ address: String, _ port: UInt16) -> Int32? {
        var wanted = addrinfo()
        wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        wanted.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address, "\(port)", &wanted, &found) == 0, let target = found?.pointee else {
            return nil
        }
        defer { freeaddrinfo(found) }
        let kind = target.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let handle = socket(target.ai_family, kind, 0)
        guard handle >= 0 else { return nil }
        if connect(handle, target.ai_addr, target.ai_addrlen) == 0 || errno == EINPROGRESS { return handle }
        close(handle)
        return nil
    }

    private static func withAddress<Result>(
        _ address: String,
        _ port: UInt16,
        body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
    ) -> Result? {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        guard inet_pton(AF_INET, address, &name.sin_addr) == 1 else { return nil }
        return withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func bound(_ port: UInt16, address: String, transport: Transport) -> UInt16? {
        let kind = transport == .tcp ? SOCK_STREAM : SOCK_DGRAM
        let handle = socket(AF_INET, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard handle >= 0 else { return nil }
        defer { close(handle) }
        // A connection that lingers in TIME_WAIT does not keep QEMU from binding; it sets this too. With UDP it would
        // share a port that another guest has, and take its datagrams.
        var on: Int32 = transport == .tcp ? 1 : 0
        setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        let isBound = withAddress(address, port) { bind(handle, $0, $1) == 0 } ?? false
        guard isBound, transport == .udp || listen(handle, 1) == 0 else { return nil }
        var name = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                getsockname(handle, generic, &length) == 0
                    ? UInt16(bigEndian: pointer.pointee.sin_port) : nil
            }
        }
    }
}
