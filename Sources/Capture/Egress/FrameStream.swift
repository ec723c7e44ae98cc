/// Frames as QEMU's filters send them, each behind its length in four bytes, big endian (net/filter-mirror.c).
struct FrameStream: Sendable {
    /// The longest frame that QEMU hands on, in bytes (`NET_BUFSIZE`, include/net/net.h).
    static let longest = 4096 + 65536

    private var pending: [UInt8] = []

    /// Whether there is a part of a frame.
    var isCut: Bool { !pending.isEmpty }

    /// Takes what has arrived.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - body: Is given each frame that is whole; what it returns tells whether to go on.
    /// - Returns: What is wrong with the stream; nothing where it goes on.
    mutating func take(_ bytes: [UInt8], _ body: (ArraySlice<UInt8>) -> String?) -> String? {
        pending += bytes
        var start = 0
        while pending.count - start >= 4 {
            let length = pending[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= Self.longest else { return "the engine announced a frame of \(length) bytes" }
            guard pending.count - start >= 4 + length else { break }
            if let problem = body(pending[(start + 4)..<(start + 4 + length)]) { return problem }
            start += 4 + length
        }
        pending.removeFirst(start)
        return nil
    }

    /// A frame as it is sent.
    static func envelope(_ frame: ArraySlice<UInt8>) -> [UInt8] {
        withUnsafeBytes(of: UInt32(frame.count).bigEndian) { Array($0) } + frame
    }
}
