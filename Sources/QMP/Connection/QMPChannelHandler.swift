import NIOCore

/// Passes what happens on the channel to the connection.
///
/// The connection's executor is the channel's event loop, hence the handler calls it without a hop and
/// reads no further before the connection has dealt with what was read.
final class QMPChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: QMPConnection

    init(_ connection: QMPConnection) {
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        connection.assumeIsolated { $0.attach(channel) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        connection.assumeIsolated { $0.receive(buffer.readableBytesView) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.assumeIsolated { $0.peerDisconnected(nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        connection.assumeIsolated { $0.peerDisconnected(error) }
    }
}
