import Traces

/// Builds logs of whole happenings.
struct LogBuilder {
    private(set) var writer = NondetLogWriter()

    /// The guest reads the time stamp counter.
    mutating func clock(_ ticks: UInt64, at count: UInt64) throws {
        try writer.append(.input8(ticks), at: count, callsite: .readTimeStampCounter)
    }

    /// The guest sends a frame.
    mutating func send(_ frame: [UInt8], at count: UInt64) throws {
        try writer.append(.skippedCall(.packet(hostPointer: 1, direction: .sent)), at: count, data: frame)
    }

    /// A frame comes in pieces; behind each, the card writes back the descriptor of the buffer, of which the last says
    /// whether the frame ends.
    mutating func receive(_ pieces: [[UInt8]], at count: UInt64, isEnded: Bool = true) throws {
        for (index, piece) in pieces.enumerated() {
            try writer.append(
                .skippedCall(.memoryWrite(address: 0x1000, hostPointer: 2)),
                at: count,
                data: piece
            )
            try writer.append(
                .skippedCall(.packet(hostPointer: 3, direction: .received)),
                at: count,
                data: piece
            )
            try writer.append(
                .skippedCall(
                    .networkTransfer(
                        kind: .bufferToMemory,
                        source: 3,
                        destination: 0x1000,
                        count: UInt32(piece.count)
                    )
                ),
                at: count
            )
            var descriptor = [UInt8](repeating: 0, count: 16)
            descriptor[12] = index == pieces.count - 1 && isEnded ? 0x03 : 0x01
            try writer.append(
                .skippedCall(.memoryWrite(address: 0x2000, hostPointer: 4)),
                at: count,
                data: descriptor
            )
        }
    }

    mutating func append(_ payload: NondetPayload, at count: UInt64, callsite: Callsite = .ioRead) throws {
        try writer.append(payload, at: count, callsite: callsite)
    }

    /// The log, ended.
    func log(endingAt count: UInt64) throws -> NondetLog {
        var writer = writer
        try writer.finish(at: count)
        return NondetLog(bytes: writer.bytes)
    }
}

/// Frames by hand.
enum Frames {
    private static let ethernet: [UInt8] = [0x52, 0x55, 0x0a, 0, 2, 2, 0x52, 0x54, 0, 0x12, 0x34, 0x56]

    static func ip4(
        _ transport: UInt8,
        from source: [UInt8],
        to destination: [UInt8],
        ports: [UInt16] = [],
        fragment: UInt16 = 0
    ) -> [UInt8] {
        var header: [UInt8] = [
            0x45, 0, 0, 0, 0, 0, UInt8(fragment >> 8), UInt8(fragment & 0xff), 64, transport, 0, 0,
        ]
        header += source + destination
        return ethernet + [0x08, 0x00] + header + ports.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
            + [UInt8](repeating: 0, count: 16)
    }

    static func ip6(_ transport: UInt8, from source: [UInt8], to destination: [UInt8]) -> [UInt8] {
        ethernet + [0x86, 0xdd] + [0x60, 0, 0, 0, 0, 8, transport, 255] + source + destination
            + [0x1f, 0x90, 0, 53, 0, 0, 0, 0]
    }

    static let resolution: [UInt8] =
        ethernet + [0x08, 0x06] + [0, 1, 0x08, 0, 6, 4, 0, 1] + [1, 2, 3, 4, 5, 6] + [10, 0, 2, 15]
        + [0, 0, 0, 0, 0, 0] + [10, 0, 2, 2]
}
