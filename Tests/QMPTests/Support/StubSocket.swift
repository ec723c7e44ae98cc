import Foundation
import Synchronization

struct StubError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description + " (errno \(errno))"
    }
}

/// A blocking Unix socket that gives up after 60 s without anything to read.
final class StubSocket: Sendable {
    private let descriptor: Int32
    private let rest = Mutex<[UInt8]>([])

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    static func listen(_ path: String) throws -> StubSocket {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard descriptor >= 0, bound == 0, Foundation.listen(descriptor, 1) == 0 else {
            throw StubError("cannot listen on \(path)")
        }
        return StubSocket(descriptor)
    }

    func accept() throws -> StubSocket {
        try waitUntilReadable()
        let accepted = Foundation.accept(descriptor, nil, nil)
        guard accepted >= 0 else { throw StubError("cannot accept") }
        return StubSocket(accepted)
    }

    func close() {
        _ = Foundation.close(descriptor)
    }

    func write(_ bytes: some Collection<UInt8>) throws {
        var left = Array(bytes)[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw StubError("cannot write") }
            left = left.dropFirst(count)
        }
    }

    /// What there is to read; empty at the end.
    func read() throws -> [UInt8] {
        try waitUntilReadable()
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        // A client that closes with unread data in its buffer resets the connection.
        guard count >= 0 || errno == ECONNRESET else { throw StubError("cannot read") }
        return Array(bytes.prefix(max(count, 0)))
    }

    func readLine() throws -> [UInt8] {
        try rest.withLock { rest in
            while true {
                if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    defer { rest.removeFirst(end + 1) }
                    return Array(rest[..<end])
                }
                let bytes = try read()
                guard !bytes.isEmpty else { throw StubError("the client is gone") }
                rest += bytes
            }
        }
    }

    private func waitUntilReadable() throws {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 60_000) == 1 else { throw StubError("nothing to read for 60 s") }
    }
}
