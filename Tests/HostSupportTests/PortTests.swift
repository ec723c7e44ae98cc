import Glibc
import HostSupport
import Testing

@Suite struct PortTests {
    /// A socket of the loopback address at a port of the system's choice.
    private struct Peer: ~Copyable {
        let handle: Int32
        let port: UInt16

        init(_ kind: __socket_type, sharesPort: Bool = false) throws {
            handle = socket(AF_INET, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            var on: Int32 = sharesPort ? 1 : 0
            setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let handle = handle
            let isBound = withUnsafeMutablePointer(to: &name) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(handle, $0, length) == 0 && getsockname(handle, $0, &length) == 0
                }
            }
            try #require(isBound)
            if kind == SOCK_STREAM { try #require(listen(handle, 4) == 0) }
            port = UInt16(bigEndian: name.sin_port)
        }

        deinit { close(handle) }
    }

    @Test func aPortThatIsListenedAtIsTaken() throws {
        let peer = try Peer(SOCK_STREAM)
        #expect(!HostPort.isFree(peer.port, address: "127.0.0.1"))
        #expect(!HostPort.isFree(peer.port, address: "0.0.0.0"))
        #expect(HostPort.isFree(peer.port, address: "127.0.0.1", transport: .udp))
    }

    @Test(arguments: [false, true])
    func aDatagramPortIsTakenEvenWhereItsOwnerWouldShareIt(_ sharesPort: Bool) throws {
        let peer = try Peer(SOCK_DGRAM, sharesPort: sharesPort)
        #expect(!HostPort.isFree(peer.port, address: "127.0.0.1", transport: .udp))
    }

    @Test func aChosenPortIsFree() throws {
        let port = try HostPort.choose()
        #expect(port >= 1024)
        #expect(HostPort.isFree(port, address: "127.0.0.1"))
        #expect(!HostPort.isFree(port, address: "not an address"))
        #expect(!HostPort.isFree(port, address: "192.0.2.1"), "an address of another host")
    }

    @Test func theFirstLineOfAServiceIsItsBanner() async throws {
        let peer = try Peer(SOCK_STREAM)
        let handle = peer.handle
        let serving = Task.detached {
            let connection = accept(handle, nil, nil)
            usleep(50_000)
            let text = Array("SSH-2.0-test\r\nmore".utf8)
            send(connection, text, text.count, Int32(MSG_NOSIGNAL))
            close(connection)
        }
        #expect(try await HostPort.banner(port: peer.port, within: .seconds(5)) == "SSH-2.0-test")
        await serving.value
    }

    @Test func aSilentServiceAndNoneHaveNoBanner() async throws {
        let peer = try Peer(SOCK_STREAM)
        #expect(try await HostPort.banner(port: peer.port, within: .milliseconds(60)) == nil)
        #expect(try await HostPort.banner(port: try HostPort.choose(), within: .milliseconds(60)) == nil)
    }
}
