/// Takes big-endian values off the front of some bytes and reports, instead of reading, what is not there.
struct ByteCursor {
    private let view: ByteView
    private(set) var offset = 0

    init(_ view: ByteView) {
        self.view = view
    }

    var left: Int { view.count - offset }

    /// The next byte, which stays where it is; `nil` at the end.
    var peek: UInt8? {
        left > 0 ? view.byte(at: offset) : nil
    }

    mutating func take<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type,
        _ what: String
    ) throws(TraceFormatError) -> T {
        try need(MemoryLayout<T>.size, what)
        defer { offset += MemoryLayout<T>.size }
        return view.bigEndian(at: offset, as: type)
    }

    /// A name of `length` bytes, which must be printable ASCII and not empty.
    ///
    /// Names end up on terminals and in reports, and the guest may have had a hand in the file.
    mutating func takeName(_ length: Int, _ what: String) throws(TraceFormatError) -> String {
        guard (1...255).contains(length) else {
            throw TraceFormatError(
                .invalidName,
                at: offset,
                "expected \(what) of 1 to 255 bytes: found \(length)"
            )
        }
        try need(length, what)
        let bytes = view.slice(offset..<offset + length)
        guard bytes.allSatisfy({ (0x20..<0x7f).contains($0) }) else {
            throw TraceFormatError(.invalidName, at: offset, "expected \(what) in printable ASCII")
        }
        offset += length
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Passes over some bytes.
    mutating func skip(_ count: Int, _ what: String) throws(TraceFormatError) {
        try need(count, what)
        offset += count
    }

    private func need(_ count: Int, _ what: String) throws(TraceFormatError) {
        guard left >= count else {
            throw TraceFormatError(
                .streamCut,
                at: offset,
                "expected \(count) bytes of \(what): the stream ends after \(left)"
            )
        }
    }
}
