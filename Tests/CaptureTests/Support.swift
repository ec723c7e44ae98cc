import Glibc
import Testing

@testable import HostSupport

/// Two ends of a connection through a Unix socket.
func connectedPair() throws -> (UnixConnection, UnixConnection) {
    var handles: [Int32] = [-1, -1]
    try #require(
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &handles) == 0
    )
    return (UnixConnection(handle: handles[0]), UnixConnection(handle: handles[1]))
}
