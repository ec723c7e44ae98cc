import Foundation
import Inspection
import Traces

/// How things of a trace are written, in tables and in JSON alike.
enum Words {
    static func transport(_ transport: PacketHeaders.Transport) -> String { transport.name }

    static func endpoint(_ endpoint: PacketHeaders.Endpoint) -> String { endpoint.text }

    /// Seconds with microseconds.
    static func seconds(_ value: Double) -> String {
        String(format: "%.6f", value)
    }

    /// A part of a whole, in percent.
    static func percent(_ part: Double) -> String {
        let value = (part * 1000).rounded() / 10
        return value == 0 && part > 0 ? "<0.1 %" : "\(value) %"
    }
}

/// A point in time on the command line, as ISO 8601 has it.
struct Instant {
    let date: Date
}
