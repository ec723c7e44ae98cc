import Glibc

/// Sockets in the file system, as plain file descriptors.
enum UnixSocket {
    /// A socket that is connected to a path.
    static func connected(_ path: String) -> Int32 {
        open(path) { Glibc.connect($0, $1, $2) }
    }

    /// A socket at a path that somebody connects to.
    static func listening(_ path: String) -> Int32 {
        let handle = open(path) { Glibc.bind($0, $1, $2) }
        listen(handle, 1)
        return handle
    }

    private static func open(
        _ path: String,
        _ call: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        let handle = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let result = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(handle, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result != 0 {
            perror(path)
            exit(71)
        }
        return handle
    }
}
