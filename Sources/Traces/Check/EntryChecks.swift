/// Holds each entry of a log against the machine, and counts what does not fit.
struct EntryChecks {
    /// What goes wrong in many entries is told once.
    private struct Kind: Hashable {
        let code: TraceFinding.Code
        let kind: NondetKind
        let callsite: UInt8
    }

    private let layout: SnapshotMemory.Layout?
    private let memoryBytes: UInt64
    private let isPC: Bool?
    private var findings: [Kind: TraceFinding] = [:]
    private var order: [Kind] = []
    private var writes = 0
    private var entries = 0

    init(_ head: SnapshotHead?) {
        let isPC = head?.machine.map { $0.hasPrefix("pc") || $0 == "isapc" }
        self.isPC = isPC
        memoryBytes = head?.machineRAMBytes ?? 0
        layout =
            isPC == true ? SnapshotMemory.Layout(machine: head?.machine, bytes: memoryBytes) : nil
    }

    mutating func look(at frame: NondetFrame, in view: ByteView) {
        entries += 1
        let callsite = Callsite(rawValue: frame.callsite)
        if !callsite.makes(frame.kind) {
            note(.unknownCallsite, .warning, frame) {
                "expected a call site that makes entries of kind \(frame.kind): found \(callsite)"
            }
        }
        if let call = frame.call, call == .memoryWrite || call == .memoryUnmap {
            writes += 1
            let address = view.littleEndian(at: frame.payloadOffset, as: UInt64.self)
            checkWrite(of: frame.end - frame.dataOffset, at: address, frame)
        }
        checkProcessor(frame, callsite)
    }

    /// Data that begin in main memory end there, and others lie below 4 GiB, where a PC has its devices.
    private mutating func checkWrite(of bytes: Int, at address: UInt64, _ frame: NondetFrame) {
        guard let layout, bytes > 0 else { return }
        let (last, overflows) = address.addingReportingOverflow(UInt64(bytes) - 1)
        let place = layout.offset(of: address)
        let isInside =
            !overflows
            && (place == nil
                ? last < 1 << 32 : layout.offset(of: last).map { $0 - (place ?? 0) == bytes - 1 } ?? false)
        guard !isInside else { return }
        let memoryBytes = memoryBytes
        note(.outsideMemory, .error, frame) {
            "expected \(bytes) bytes within the machine's memory of \(memoryBytes) bytes, or of its devices: found "
                + "them at 0x\(String(address, radix: 16))"
        }
    }

    /// Only processors of PCs ask their interrupt controller for a number, only others have pending interrupts and
    /// exceptions recorded (`seg_helper.c`, `rr_record_pending_interrupts` and `rr_record_exception_index` in PANDA).
    private mutating func checkProcessor(_ frame: NondetFrame, _ callsite: Callsite) {
        guard let isPC else { return }
        let isOfOthers = frame.kind == .pendingInterrupts || frame.kind == .exception
        let isOfPCs = frame.kind == .input4 && callsite == .interruptNumber
        guard isPC ? isOfOthers : isOfPCs else { return }
        note(.otherProcessor, .error, frame) {
            isPC
                ? "expected no entry of kind \(frame.kind) of a PC"
                : "expected no number of an interrupt of a machine that is no PC"
        }
    }

    private mutating func note(
        _ code: TraceFinding.Code,
        _ severity: TraceFinding.Severity,
        _ frame: NondetFrame,
        _ message: () -> String
    ) {
        let key = Kind(code: code, kind: frame.kind, callsite: frame.callsite)
        if findings[key] == nil {
            order.append(key)
            findings[key] = TraceFinding(
                code,
                severity,
                in: .log,
                at: frame.offset,
                entry: frame.index,
                count: 0,
                message()
            )
        }
        findings[key]?.count += 1
    }

    /// Adds what was found to a check.
    func report(to check: inout TraceCheck) {
        let found = order.compactMap { findings[$0] }
        func of(_ code: TraceFinding.Code) -> [TraceFinding] { found.filter { $0.code == code } }
        check.add("log: call sites", "of \(entries) entries", of(.unknownCallsite))
        if layout == nil {
            check.skip("log: memory", because: "the machine is not known")
        } else {
            check.add("log: memory", "\(writes) writes within \(memoryBytes) bytes", of(.outsideMemory))
        }
        if isPC == nil {
            check.skip("log: processor", because: "the machine is not known")
        } else {
            check.add("log: processor", "as of \(isPC == true ? "a PC" : "no PC")", of(.otherProcessor))
        }
    }
}
