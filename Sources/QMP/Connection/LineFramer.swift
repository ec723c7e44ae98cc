/// Cuts a stream of bytes into lines and knows where in the stream each one began.
struct LineFramer {
    struct Line: Equatable {
        var bytes: [UInt8]
        /// The offset in the stream of the line's first byte.
        var offset: Int
    }

    private let limit: Int
    private var buffer: [UInt8] = []
    private var bufferOffset = 0
    private var start = 0
    // Where the search for a line end goes on: a long line that comes in small pieces is not searched
    // again from its start with each piece.
    private var searched = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// How many bytes have come in without their line end.
    var unfinishedCount: Int { buffer.count - start }

    /// The offset in the stream of the first byte of the next line.
    var offset: Int { bufferOffset + start }

    mutating func append(_ bytes: some Sequence<UInt8>) {
        if start > 0 {
            buffer.removeFirst(start)
            bufferOffset += start
            searched -= start
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next line without its line end; blank lines are skipped.
    mutating func next() throws(QMPError) -> Line? {
        while let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
            try checkLength(end - start)
            let line = Line(bytes: Array(buffer[start..<end]), offset: offset)
            start = end + 1
            searched = start
            guard line.bytes.allSatisfy(Self.isBlank) else { return line }
        }
        searched = buffer.count
        try checkLength(unfinishedCount)
        return nil
    }

    private func checkLength(_ length: Int) throws(QMPError) {
        guard length > limit else { return }
        throw QMPError(.protocolViolation, "the message at byte \(offset) is longer than \(limit) bytes")
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\r") || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
