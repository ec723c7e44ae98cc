/// Builds a log in memory, byte for byte as PANDA would write it but with zeros for padding.
///
/// Until ``finish(at:)`` its bytes are those of a log whose engine was killed: the header is 0
/// and the end is missing.
public struct NondetLogWriter: Sendable {
    /// The log so far.
    public private(set) var bytes = [UInt8](repeating: 0, count: NondetFrame.headerBytes)

    /// The layout by which entries are written.
    public let abi: HostABI

    /// How many entries have been written.
    public private(set) var entriesWritten = 0

    /// The instruction count of the last entry, in guest instructions.
    public private(set) var instructionCount: UInt64 = 0

    private var ended = false

    /// Starts a log.
    public init(abi: HostABI = .lp64) {
        self.abi = abi
    }

    /// Appends an entry.
    ///
    /// - Parameters:
    ///   - payload: What the entry holds.
    ///   - instructionCount: When it happens, in guest instructions.
    ///   - callsite: The place in the emulator that makes it.
    ///   - data: The bytes that follow the arguments of a skipped call.
    /// - Throws: ``TraceFormatError`` with code `invalidEntry` if the log has ended, the count is below that of
    ///   the entry before, the data are more than the call's length field can tell, or data are given where
    ///   none can be; `emptyPacket` for a packet without data.
    public mutating func append(
        _ payload: NondetPayload,
        at instructionCount: UInt64,
        callsite: Callsite = .mainLoopWait,
        data: [UInt8] = []
    ) throws(TraceFormatError) {
        if let reason = objection(to: payload, at: instructionCount, data) {
            throw TraceFormatError(.invalidEntry, at: bytes.count, entry: entriesWritten, reason)
        }
        if case .skippedCall(.packet) = payload, data.isEmpty {
            throw TraceFormatError(
                .emptyPacket,
                at: bytes.count,
                entry: entriesWritten,
                "expected a packet of at least 1 byte"
            )
        }
        bytes.appendLittleEndian(instructionCount)
        bytes.append(payload.kind.rawValue)
        bytes.append(callsite.rawValue)
        append(payload, data)
        self.instructionCount = instructionCount
        entriesWritten += 1
        ended = payload == .endOfLog
    }

    /// Ends the log as the engine does at the end of a recording: appends the end, then fills in the header.
    ///
    /// - Throws: ``TraceFormatError`` with code `invalidEntry` as for any entry.
    public mutating func finish(at instructionCount: UInt64) throws(TraceFormatError) {
        try append(.endOfLog, at: instructionCount, callsite: .endOfLog)
        var header: [UInt8] = []
        header.appendLittleEndian(instructionCount)
        bytes.replaceSubrange(0..<NondetFrame.headerBytes, with: header)
    }

    private func objection(to payload: NondetPayload, at count: UInt64, _ data: [UInt8]) -> String? {
        guard !ended else { return "failed to append an entry: the log has ended" }
        guard count >= instructionCount else {
            return "expected an instruction count of \(instructionCount) or more: got \(count)"
        }
        guard !data.isEmpty else { return nil }
        guard case .skippedCall(let call) = payload, call.kind.carriesData else {
            return "expected no data: got \(data.count) bytes"
        }
        let limit = call.kind == .registerWrite ? Int(Int32.max) : Int(UInt32.max)
        return data.count <= limit ? nil : "expected at most \(limit) bytes of data: got \(data.count)"
    }

    private mutating func append(_ payload: NondetPayload, _ data: [UInt8]) {
        switch payload {
        case .input1(let value): bytes.append(value)
        case .input2(let value), .exitRequest(let value): bytes.appendLittleEndian(value)
        case .input4(let value), .pendingInterrupts(let value): bytes.appendLittleEndian(value)
        case .input8(let value): bytes.appendLittleEndian(value)
        case .interruptRequest(let value), .exception(let value): bytes.appendLittleEndian(value)
        case .endOfLog: break
        case .skippedCall(let call):
            bytes.append(call.kind.rawValue)
            bytes.append(contentsOf: call.arguments(length: data.count, abi: abi))
            bytes.append(contentsOf: data)
        }
    }
}
