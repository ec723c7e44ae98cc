import Foundation
import NIOCore
import NIOPosix

/// Opens the emulator's socket, which appears a little after the emulator starts.
enum QMPConnector {
    private static let pause = Duration.milliseconds(20)

    static func open(
        _ path: String,
        until deadline: ContinuousClock.Instant,
        limits: QMPLimits
    ) async throws -> QMPConnection {
        let address = try SocketPath(path).address
        while true {
            do {
                return try await attempt(address, limits: limits)
            } catch let error as IOError {
                guard mayPass(error) else {
                    throw QMPError(
                        .connectionFailed,
                        "failed to connect to \(quoted(path))",
                        underlyingError: error
                    )
                }
                guard ContinuousClock.now + pause < deadline else {
                    throw QMPError(.timeout, "nobody listens on \(quoted(path))", underlyingError: error)
                }
            }
            try await Task.sleep(for: pause)
        }
    }

    private static func attempt(_ address: SocketAddress, limits: QMPLimits) async throws -> QMPConnection {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let connection = QMPConnection(eventLoop: loop, limits: limits)
        _ = try await ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(QMPChannelHandler(connection))
                }
            }
            .connect(to: address)
            .get()
        return connection
    }

    // Not there yet; there but not yet (or no longer) listened to; more clients wait than it takes.
    private static func mayPass(_ error: IOError) -> Bool {
        [ENOENT, ECONNREFUSED, EAGAIN, EINTR].contains(error.errnoCode)
    }
}
