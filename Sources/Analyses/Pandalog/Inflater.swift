import CZlib

/// Decompresses a zlib stream piece by piece.
struct Inflater: ~Copyable {
    /// What a call of zlib came to.
    enum Step {
        /// All that was handed in was used.
        case hungry
        /// There may be more to come from what was handed in.
        case more
        /// The stream is at its end.
        case end
        /// It is no stream, or is damaged.
        case damaged(String)
    }

    private let stream: UnsafeMutablePointer<z_stream>

    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard CZlib_beginInflating(stream) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Decompresses into the end of `output`, at most 64 KiB.
    ///
    /// - Parameters:
    ///   - input: What is to be decompressed; what was used of it is taken away.
    ///   - output: Gets what it became.
    /// - Returns: How to go on.
    mutating func step(_ input: inout ArraySlice<UInt8>, into output: inout [UInt8]) -> Step {
        let room = 1 << 16
        let before = output.count
        output.append(contentsOf: repeatElement(0, count: room))
        var used = 0
        var made = 0
        let result = input.withUnsafeBytes { source in
            output.withUnsafeMutableBytes { target in
                stream.pointee.next_in = UnsafeMutablePointer(
                    mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self)
                )
                stream.pointee.avail_in = UInt32(source.count)
                stream.pointee.next_out = target.baseAddress?.advanced(by: before)
                    .assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_out = UInt32(room)
                let result = inflate(stream, Z_NO_FLUSH)
                used = source.count - Int(stream.pointee.avail_in)
                made = room - Int(stream.pointee.avail_out)
                return result
            }
        }
        input = input.dropFirst(used)
        output.removeLast(room - made)
        switch result {
        case Z_STREAM_END: return .end
        case Z_OK: return made == room ? .more : .hungry
        // Nothing could be done: it wants more to read.
        case Z_BUF_ERROR: return .hungry
        default: return .damaged(stream.pointee.msg.map { String(cString: $0) } ?? "zlib's error \(result)")
        }
    }
}
