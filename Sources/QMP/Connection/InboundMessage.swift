/// A message from the emulator, without the value that a reply returns.
///
/// That value is decoded by whoever sent the command, who knows its type.
enum InboundMessage: Equatable {
    case greeting(QMPGreeting)
    case reply(id: UInt64, Outcome)
    case event(QMPEvent)

    enum Outcome: Equatable {
        case success
        case failure(QMPServerError)
    }
}

extension InboundMessage: Decodable {
    private enum CodingKeys: String, CodingKey {
        case greeting = "QMP"
        case value = "return"
        case error
        case event
        case id
    }

    init(from decoder: any Decoder) throws {
        try self.init(from: decoder, onlyReplies: false)
    }

    fileprivate init(from decoder: any Decoder, onlyReplies: Bool) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let kinds = container.allKeys.filter { $0 != .id }
        guard let kind = kinds.first, kinds.count == 1 else {
            throw Self.corrupted(decoder, "not exactly one of QMP, return, error and event")
        }
        switch kind {
        case .value, .id:
            self = .reply(id: try container.decode(UInt64.self, forKey: .id), .success)
        case .error:
            // An error without an id means that the emulator could not even parse what was sent.
            let error = try container.decode(QMPServerError.self, forKey: .error)
            self = .reply(id: try container.decode(UInt64.self, forKey: .id), .failure(error))
        case .greeting, .event:
            guard !onlyReplies else { throw Self.corrupted(decoder, "too long for anything but a reply") }
            self =
                kind == .event
                ? .event(try QMPEvent(from: decoder))
                : .greeting(try container.decode(QMPGreeting.self, forKey: .greeting))
        }
    }

    private static func corrupted(_ decoder: any Decoder, _ reason: String) -> DecodingError {
        .dataCorrupted(DecodingError.Context(codingPath: decoder.codingPath, debugDescription: reason))
    }
}

/// A message that is too long for anything but a reply.
///
/// The value of a reply is left to its receiver, but events are decoded value by value on the event loop:
/// one of 8 MiB would hold it up for seconds.
struct LongMessage: Decodable {
    let message: InboundMessage

    init(from decoder: any Decoder) throws {
        message = try InboundMessage(from: decoder, onlyReplies: true)
    }
}

/// A successful reply, decoded for the value that it returns.
struct ReturnMessage<Value: Decodable>: Decodable {
    let value: Value

    private enum CodingKeys: String, CodingKey {
        case value = "return"
    }
}
