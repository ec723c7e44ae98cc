/// Counts entries by kind and call, without allocating.
struct NondetCensus {
    private(set) var kinds = InlineArray<10, NondetTally>(repeating: NondetTally())
    private(set) var calls = InlineArray<11, NondetTally>(repeating: NondetTally())
    private(set) var first: UInt64?
    private(set) var last: UInt64 = 0
    private(set) var hasEnd = false

    @inline(__always)
    mutating func add(_ frame: NondetFrame) {
        let bytes = frame.end - frame.offset
        kinds[Int(frame.kind.rawValue)].add(bytes: bytes)
        if let call = frame.call { calls[Int(call.rawValue)].add(bytes: bytes) }
        if first == nil { first = frame.instructionCount }
        last = frame.instructionCount
        hasEnd = frame.kind == .endOfLog
    }

    func summary(_ state: NondetLogState, of view: ByteView, header: UInt64?) -> NondetLogSummary {
        var summary = NondetLogSummary(
            state: state,
            byteCount: view.count,
            headerInstructionCount: header,
            kinds: kinds.indices.map { kinds[$0] },
            calls: calls.indices.map { calls[$0] }
        )
        for kind in summary.kinds {
            summary.total.entries += kind.entries
            summary.total.bytes += kind.bytes
        }
        summary.firstInstructionCount = first ?? 0
        summary.finalInstructionCount = last
        return summary
    }
}
