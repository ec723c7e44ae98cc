import Foundation
import Glibc
import HostSupport

/// Tells systemd how the service is doing, where systemd started it (sd_notify(3)).
enum SystemdNotice {
    /// Sends a notice; nothing happens where nobody wants to know.
    ///
    /// - Parameter text: Such as `READY=1`.
    static func send(_ text: String) {
        guard let path = ProcessInfo.processInfo.environment["NOTIFY_SOCKET"],
            path.hasPrefix("/") || path.hasPrefix("@"), path.utf8.count <= UnixListener.longestPath
        else { return }
        let handle = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard handle >= 0 else { return }
        defer { close(handle) }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        // The name of an abstract socket begins with a zero.
        let bytes = path.hasPrefix("@") ? [0] + Array(path.utf8.dropFirst()) : Array(path.utf8)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let words = Array(text.utf8)
        _ = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                sendto(handle, words, words.count, Int32(MSG_NOSIGNAL), generic, length)
            }
        }
    }
}
