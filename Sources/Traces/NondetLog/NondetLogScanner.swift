/// Steps from entry to entry; the one place that knows how long each is.
struct NondetLogScanner {
    private(set) var offset = NondetFrame.headerBytes
    private(set) var index = 0
    private var lastCount: UInt64 = 0
    private var ended = false
    private let shapes: ArgumentShapes
    private let maximumData: UInt64
    private let stepBack: UInt64

    init(abi: HostABI, limits: NondetLogLimits) {
        shapes = ArgumentShapes(for: abi)
        maximumData = limits.memoryBytes ?? UInt64.max
        stepBack = limits.stepBack
    }

    /// The next entry, or `nil` where the file ends between two entries.
    ///
    /// After an error the scanner stays where it was, and says the same again when asked again.
    @inline(__always)
    mutating func next(in view: ByteView) throws(TraceFormatError) -> NondetFrame? {
        let left = view.count - offset
        // A log too short for its header has no entries.
        guard left > 0 else { return nil }
        guard !ended else { throw bytesAfterEnd(left) }
        guard left >= NondetFrame.prefixBytes else { throw torn(needs: NondetFrame.prefixBytes, left) }

        let count = view.littleEndian(at: offset, as: UInt64.self)
        let rawKind = view.byte(at: offset + 8)
        guard let kind = NondetKind(rawValue: rawKind) else { throw unknownKind(rawKind) }
        // Written so that it cannot overflow: `stepBack` is the caller's, `count` the file's.
        guard count >= lastCount || lastCount - count <= stepBack else { throw decreased(to: count) }

        var frame = NondetFrame(
            index: index,
            offset: offset,
            instructionCount: count,
            kind: kind,
            callsite: view.byte(at: offset + 9),
            call: nil,
            payloadOffset: offset + NondetFrame.prefixBytes,
            dataOffset: 0,
            end: 0
        )
        if let bytes = kind.payloadBytes {
            let whole = NondetFrame.prefixBytes + bytes
            guard left >= whole else { throw torn(needs: whole, left) }
            frame.dataOffset = offset + whole
            frame.end = offset + whole
        } else {
            try measureCall(&frame, in: view, left)
        }
        offset = frame.end
        index += 1
        lastCount = count
        ended = kind == .endOfLog
        return frame
    }

    @inline(__always)
    private func measureCall(
        _ frame: inout NondetFrame,
        in view: ByteView,
        _ left: Int
    ) throws(TraceFormatError) {
        let header = NondetFrame.prefixBytes + 1
        guard left >= header else { throw torn(needs: header, left) }
        let rawCall = view.byte(at: offset + NondetFrame.prefixBytes)
        guard let call = SkippedCallKind(rawValue: rawCall) else { throw unknownCall(rawCall) }
        let shape = shapes[call]
        let fixed = header + shape.bytes
        guard left >= fixed else { throw torn(needs: fixed, left) }

        let arguments = offset + header
        let length: UInt64 =
            switch shape.length {
            case .none: 0
            case .word(let place): UInt64(view.littleEndian(at: arguments + place, as: UInt32.self))
            case .wide(let place): view.littleEndian(at: arguments + place, as: UInt64.self)
            }
        // The register's length is an `int`.
        guard length <= maximumData, call != .registerWrite || length <= Int32.max else {
            throw tooLarge(call, length)
        }
        guard call != .packet || length > 0 else { throw emptyPacket() }
        guard length <= left - fixed else { throw tornData(call, length, left - fixed) }

        frame.call = call
        frame.payloadOffset = arguments
        frame.dataOffset = offset + fixed
        frame.end = offset + fixed + Int(length)
    }
}

// Apart from the loop and never inlined: building a message costs code that the loop should not carry.
extension NondetLogScanner {
    @inline(never)
    private func failure(_ code: TraceFormatError.Code, _ message: String) -> TraceFormatError {
        TraceFormatError(code, at: offset, entry: index, message)
    }

    @inline(never)
    private func bytesAfterEnd(_ left: Int) -> TraceFormatError {
        TraceFormatError(
            .bytesAfterEnd,
            at: offset - NondetFrame.prefixBytes,
            entry: index - 1,
            "expected the end of the log to be the end of the file: \(left) bytes follow"
        )
    }

    @inline(never)
    private func torn(needs bytes: Int, _ left: Int) -> TraceFormatError {
        failure(.tornEntry, "expected at least \(bytes) bytes: the file ends after \(left)")
    }

    @inline(never)
    private func tornData(_ call: SkippedCallKind, _ length: UInt64, _ left: Int) -> TraceFormatError {
        failure(.tornEntry, "expected \(length) bytes of data of a \(call): the file ends after \(left)")
    }

    @inline(never)
    private func unknownKind(_ raw: UInt8) -> TraceFormatError {
        failure(.unknownKind, "expected a kind from 0 to 9: found \(raw)")
    }

    @inline(never)
    private func unknownCall(_ raw: UInt8) -> TraceFormatError {
        failure(.unknownCall, "expected a call from 0 to 10: found \(raw)")
    }

    @inline(never)
    private func decreased(to count: UInt64) -> TraceFormatError {
        failure(.countDecreased, "expected an instruction count of \(lastCount) or more: found \(count)")
    }

    @inline(never)
    private func tooLarge(_ call: SkippedCallKind, _ length: UInt64) -> TraceFormatError {
        let limit = call == .registerWrite ? min(maximumData, UInt64(Int32.max)) : maximumData
        return failure(
            .lengthTooLarge,
            "expected at most \(limit) bytes of data of a \(call): found \(length)"
        )
    }

    @inline(never)
    private func emptyPacket() -> TraceFormatError {
        failure(.emptyPacket, "expected a packet of at least 1 byte: found 0, which PANDA aborts on")
    }
}
