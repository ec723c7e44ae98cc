import Foundation

extension InboundMessage {
    /// Decodes a line; one longer than `longestEvent` may only be a reply.
    init(_ line: LineFramer.Line, longestEvent: Int) throws(QMPError) {
        let data = Data(line.bytes)
        do {
            self =
                line.bytes.count > longestEvent
                ? try JSONDecoder().decode(LongMessage.self, from: data).message
                : try JSONDecoder().decode(InboundMessage.self, from: data)
        } catch {
            throw QMPError(
                .protocolViolation,
                "the emulator sent an invalid message at byte \(line.offset): \(reason(of: error))",
                underlyingError: error
            )
        }
    }
}
