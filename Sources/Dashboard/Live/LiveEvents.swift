import Foundation
import HostSupport
import WebServer

/// A stream of what changes on a page: each event has all its values as JSON, and comes only when one is another.
actor LiveEvents {
    /// How often is looked.
    private static let pause = Duration.milliseconds(500)
    /// How often something is sent though nothing has changed.
    private static let silence = Duration.seconds(10)

    private let look: @Sendable () async throws -> LiveValues?
    private var last: String?
    private var sent = ContinuousClock.now

    private init(_ look: @escaping @Sendable () async throws -> LiveValues?) {
        self.look = look
    }

    /// The answer with a stream.
    ///
    /// - Parameter look: What there is to be told now.
    /// - Returns: The answer.
    static func response(_ look: @escaping @Sendable () async throws -> LiveValues?) -> WebResponse {
        let events = LiveEvents(look)
        return WebResponse(200, body: .events { try await events.next() })
    }

    /// Waits for the next event.
    private func next() async throws -> WebEvent? {
        var isFirst = last == nil
        while true {
            if !isFirst { try await Task.sleep(for: Self.pause) }
            isFirst = false
            if let live = try await look() {
                let text = try Self.text(live)
                if text != last {
                    last = text
                    sent = .now
                    return WebEvent(data: text)
                }
            }
            if ContinuousClock.now - sent > Self.silence {
                sent = .now
                return .heartbeat
            }
        }
    }

    private struct Event: Encodable {
        let layout: String
        let values: [String: String]
    }

    private static func text(_ live: LiveValues) throws -> String {
        let event = Event(layout: live.stamp, values: live.values)
        return String(decoding: try JSONText.encode(event, isLine: true).dropLast(), as: UTF8.self)
    }
}
