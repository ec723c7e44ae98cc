extension Callsite {
    /// How many call sites PANDA has, `RR_CALLSITE_LAST` included, which marks the end of a log in recordings that its
    /// plugin scissors has cut.
    private static let known = 45

    /// Whether PANDA makes entries of that kind there; it takes any.
    ///
    /// Sources, in PANDA: the calls of `rr_input_1` to `rr_input_8`, `rr_interrupt_request` and the like in `cpu-exec.c`,
    /// `cputlb.c`, `exec.c`, `memory_ldst.inc.c` and below `target`. Skipped calls have the call site of whatever let
    /// the device act; older versions gave devices their own.
    func makes(_ kind: NondetKind) -> Bool {
        let raw = Int(rawValue)
        guard raw < Self.known else { return false }
        return switch kind {
        case .input1, .input2, .input4: raw == 1 || raw == 4 || (9...12).contains(raw)
        case .input8: raw == 3 || raw == 4 || (9...12).contains(raw)
        case .interruptRequest, .exitRequest: raw == 0 || raw == 2
        case .skippedCall: raw < 17 || (21...43).contains(raw)
        case .endOfLog: raw == 17 || raw == 44
        case .pendingInterrupts: raw == 18 || raw == 19
        case .exception: raw == 20
        }
    }
}
