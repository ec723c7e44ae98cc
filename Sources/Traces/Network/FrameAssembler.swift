/// Puts frames together from the entries of a log.
///
/// A sent frame is one entry. A received one is an entry for each of the guest's buffers that it fills; behind each, the
/// card writes back the buffer's descriptor, of 16 bytes, whose status says whether the frame ends with it. Sources:
/// `xmit_seg` and `e1000_receive_iov` in PANDA's `hw/net/e1000.c`; the descriptor's layout is that of Intel's manual of
/// the 8254x, section 3.2.3.
struct FrameAssembler {
    /// The largest frame that the card takes, in bytes; more would be one that never ends.
    private static let largest = 16384
    private static let descriptorBytes = 16
    private static let statusOffset = 12
    private static let endOfPacket: UInt8 = 0x02

    private var pending: NetworkFrame?

    /// Whether a frame has begun and not ended.
    var hasPending: Bool { pending != nil }

    /// Takes in the next entry and hands out the frames that it ends, in their order; their brackets are still empty.
    mutating func next(_ entry: NondetEntry, of log: NondetLog, _ emit: (NetworkFrame) -> Void) {
        guard case .skippedCall(let call) = entry.payload else { return }
        switch call {
        case .packet(_, let direction):
            add(entry, direction, emit)
        case .memoryWrite where entry.dataRange.count == Self.descriptorBytes && pending != nil:
            let status = log.bytes(of: entry.dataRange)[Self.statusOffset]
            if status & Self.endOfPacket != 0 { flush(emit) }
        default:
            break
        }
    }

    /// Hands out the frame that has not ended yet, at the end of a log that was cut.
    mutating func flush(_ emit: (NetworkFrame) -> Void) {
        if let pending { emit(pending) }
        pending = nil
    }

    private mutating func add(
        _ entry: NondetEntry,
        _ direction: PacketDirection,
        _ emit: (NetworkFrame) -> Void
    ) {
        if direction == .received, let frame = pending, frame.instructionCount == entry.instructionCount,
            frame.byteCount + entry.dataRange.count <= Self.largest
        {
            pending?.pieces.append(entry.dataRange)
            return
        }
        // A frame that goes on after something else was cut short.
        flush(emit)
        let frame = NetworkFrame(
            entry: entry.index,
            instructionCount: entry.instructionCount,
            direction: direction,
            pieces: [entry.dataRange],
            bracket: TimeBracket(before: nil, after: nil)
        )
        // What the guest sends is whole.
        if direction == .received {
            pending = frame
        } else {
            emit(frame)
        }
    }
}
