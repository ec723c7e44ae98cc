import Foundation
public import HostSupport

/// What a reader of events takes from a file that comes from anybody.
public struct EventLimits: Hashable, Sendable {
    /// The longest line, in bytes: as long as the plugin's own.
    public var lineBytes = 4 << 20
    /// The largest file.
    public var fileBytes = ByteSize.mebibytes(1 << 10)

    /// The plugin's own limits, and a file of four times the length that it has by default.
    public init() {}
}

/// Reads the file of the plugin `guest_events`, a line at a time.
public struct EventReader: Sendable {
    private let path: HostPath
    private let limits: EventLimits

    /// Reads a file.
    public init(_ path: HostPath, limits: EventLimits = EventLimits()) {
        self.path = path
        self.limits = limits
    }

    /// Reads all events.
    ///
    /// - Parameter body: Gets each event, and its line.
    /// - Returns: Whether the file has its last line; one without was cut off.
    /// - Throws: ``HostSupport/Failure`` with `bad-data`, naming the line, where one is no event; what `body` throws.
    @discardableResult
    public func read(_ body: (GuestEvent, [UInt8]) throws -> Void) throws -> Bool {
        guard let size = FileSystem.size(path) else {
            throw Failure(.notFound, "there is no file of events \(path)")
        }
        guard size <= limits.fileBytes.bytes else {
            throw Failure(.badData, "\(path) has \(ByteSize(bytes: size)), more than \(limits.fileBytes)")
        }
        let decoder = JSONDecoder()
        var state = State(path: path)
        var tail = FileTail(path)
        var rest: [UInt8] = []
        while case let part = tail.next(), !part.isEmpty {
            rest += part
            var start = 0
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(rest[start..<end])
                start = end + 1
                try body(try state.take(line, decoder, limits), line)
            }
            rest.removeFirst(start)
            guard rest.count <= limits.lineBytes else {
                throw state.failure("the line is too long", next: true)
            }
        }
        return rest.isEmpty && state.hasEnded
    }

    private struct State {
        let path: HostPath
        var number = 0
        var last: UInt64 = 0
        var hasEnded = false

        mutating func take(_ line: [UInt8], _ decoder: JSONDecoder, _ limits: EventLimits) throws
            -> GuestEvent
        {
            number += 1
            guard line.count <= limits.lineBytes else { throw failure("the line is too long") }
            guard !hasEnded else { throw failure("there is more behind the last event") }
            let event: GuestEvent
            do {
                event = try decoder.decode(EventLine.self, from: Data(line)).parsed()
            } catch let error as DecodingError {
                throw failure(error.explanation)
            } catch let problem as EventLine.Problem {
                throw failure(problem.text)
            }
            if number == 1 {
                guard case .begin = event.content else {
                    throw failure("the events do not begin with 'begin'")
                }
            } else if case .begin = event.content {
                throw failure("the events begin once more")
            }
            guard event.instruction >= last else { throw failure("'instr' goes back") }
            last = event.instruction
            if case .end = event.content { hasEnded = true }
            return event
        }

        func failure(_ reason: String, next: Bool = false) -> Failure {
            Failure(.badData, "\(path), line \(number + (next ? 1 : 0)): \(Console.printable(reason))")
        }
    }
}
