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

    private static func bound(_ port: UInt16, address: String, transport: Transport) -> UInt16? {
        let kind = transport == .tcp ? SOCK_STREAM : SOCK_DGRAM
        let handle = socket(AF_INET, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard handle >= 0 else { return nil }
        defer { close(handle) }
        // A connection that lingers in TIME_WAIT does not keep QEMU from binding; it sets this too.
        var on: Int32 = 1
        setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        guard inet_pton(AF_INET, address, &name.sin_addr) == 1 else { return nil }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> UInt16? in
                guard bind(handle, generic, length) == 0 else { return nil }
                if transport == .tcp, listen(handle, 1) != 0 { return nil }
                guard getsockname(handle, generic, &length) == 0 else { return nil }
                return UInt16(bigEndian: pointer.pointee.sin_port)
            }
        }
    }
}
