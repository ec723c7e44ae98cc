import Foundation
import NIOCore

/// The path of a Unix socket, known to be possible.
struct SocketPath {
    // The size of `sun_path` on Linux, less the final zero.
    private static let longest = 107

    let path: String

    init(_ path: String) throws(QMPError) {
        let length = path.utf8.count
        guard length <= Self.longest else {
            throw QMPError(
                .invalidArgument,
                "the socket path \(quoted(path)) has \(length) bytes, at most \(Self.longest) are possible"
            )
        }
        guard length > 0, !path.utf8.contains(0) else {
            throw QMPError(.invalidArgument, "\(quoted(path)) cannot be the path of a socket")
        }
        self.path = path
    }

    // NIO itself makes an address only of paths up to 103 bytes, the limit of other systems.
    var address: SocketAddress {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return SocketAddress(address)
    }
}
