import Foundation
import Testing

@testable import Traces

@Suite("A check finds everything that is wrong, with its place")
struct TraceCheckTests {
    private func codes(_ check: TraceCheck) -> [TraceFinding.Code] { check.findings.map(\.code) }

    private func outcome(_ name: String, _ check: TraceCheck) -> TraceCheck.Item.Outcome? {
        check.items.first { $0.name == name }?.outcome
    }

    // MARK: Snapshots

    @Test("a whole snapshot is sound")
    func wholeSnapshot() {
        let stream = MemoryStream.plain()
        let (check, processor) = TraceCheck.snapshot(bytes: stream.bytes)
        #expect(check.isSound && check.findings.isEmpty && processor == nil, "\(check.findings)")
        #expect(outcome("snapshot: memory", check) == .passed("19 pages"))
        #expect(outcome("snapshot: devices", check) == .passed("1 devices"))
        #expect(outcome("snapshot: end", check) == .passed("at byte \(stream.bytes.count - 1)"))
    }

    @Test("pages that a block lacks are counted")
    func missingPages() {
        let stream = MemoryStream.plain { pages in
            pages.remove(at: 8)
            pages.remove(at: 5)
            pages.removeLast()
        }
        let (check, _) = TraceCheck.snapshot(bytes: stream.bytes)
        #expect(codes(check) == [.missingPages, .missingPages])
        #expect(check.findings.map(\.count) == [2, 1])
        #expect(check.findings.first?.message.contains("block pc.ram: the one at 0x3000") == true)
        #expect(outcome("snapshot: memory", check) == .failed)
    }

    @Test("wherever a snapshot is cut, that is told")
    func cutSnapshot() {
        let bytes = MemoryStream.plain().bytes
        for length in 0..<bytes.count {
            let (check, _) = TraceCheck.snapshot(bytes: Array(bytes.prefix(length)))
            if check.isSound { Issue.record("sound at \(length) of \(bytes.count) bytes") }
        }
    }

    @Test("bytes of a longer snapshot behind the end are a warning with their place")
    func staleTail() {
        let bytes = MemoryStream.plain().bytes
        let described = #"{ "page_size" : 4096 }"#
        let whole =
            bytes + [0x06] + Bytes.big(UInt32(described.utf8.count)) + Array(described.utf8)
        for (stream, tail) in [(bytes, [UInt8](repeating: 7, count: 100)), (whole, [0x7e, 0, 0, 0, 3, 0])] {
            let (check, _) = TraceCheck.snapshot(bytes: stream + tail)
            #expect(check.isSound && codes(check) == [.bytesAfterEnd], "\(check.findings)")
            #expect(check.findings.first?.offset == stream.count)
            #expect(check.findings.first?.message.contains("\(tail.count) bytes follow") == true)
        }
        let (cut, _) = TraceCheck.snapshot(bytes: whole.dropLast(3))
        #expect(codes(cut) == [.snapshotCut] && cut.findings.first?.offset == bytes.count - 1)
    }

    @Test("a device without an end, and a footer of another section")
    func devices() {
        var bytes = MemoryStream.plain().bytes
        bytes[bytes.count - 2] = 9
        let (check, _) = TraceCheck.snapshot(bytes: bytes)
        #expect(codes(check) == [.deviceNotEnded])
        #expect(check.findings.first?.offset == bytes.count - 6 - 4 - 8 - 6 - 5)
        #expect(check.findings.first?.message.contains("timer") == true)
        // Bytes in a state that look like its footer and the end do not end it.
        var trap = MemoryStream.plain().bytes
        trap.replaceSubrange(trap.count - 10..<trap.count - 6, with: [0x7e, 0, 0, 0, 3, 0, 1, 2])
        #expect(TraceCheck.snapshot(bytes: trap).check.findings.isEmpty)
    }

    @Test("no head: the rest is not looked at")
    func noHead() {
        let (check, _) = TraceCheck.snapshot(bytes: Array("QEMU".utf8))
        #expect(codes(check) == [TraceFinding.Code(.notMigrationStream)])
        #expect(outcome("snapshot: memory", check) == .skipped("the head cannot be read"))
    }

    @Test("the processor is told by the size of its registers")
    func processor() {
        var stream = SnapshotStream()
        for (size, expected) in [("4", SnapshotProcessor.i386), ("8", .x8664), ("2", nil)] {
            let text = #"{"devices":[{"name" : "env.regs", "type" : "x", "size" : \#(size) }]}"#
            let head = try? SnapshotHead(bytes: stream.bytes)
            #expect(head.map { SnapshotProcessor.find(in: Array(text.utf8), $0) } == .some(expected))
        }
        stream.machine = "virt"
        let head = try? SnapshotHead(bytes: stream.bytes)
        let text = #"{"name" : "env.regs", "type" : "uint32", "size" : 4 }"#
        #expect(head.map { SnapshotProcessor.find(in: Array(text.utf8), $0) } == .some(nil))
    }

    // MARK: Logs

    private let head = try? SnapshotHead(bytes: MemoryStream.plain().bytes)

    private func log(_ build: (inout NondetLogWriter) throws -> Void) throws -> NondetLog {
        var writer = NondetLogWriter()
        try writer.append(.input8(5), at: 10, callsite: .readTimeStampCounter)
        try build(&writer)
        try writer.finish(at: 1000)
        return NondetLog(bytes: writer.bytes)
    }

    @Test("a whole log is sound, with or without a snapshot")
    func wholeLog() throws {
        let log = try log { _ in }
        let (check, summary) = TraceCheck.log(log, against: head)
        #expect(check.findings.isEmpty && summary.state == .complete)
        #expect(outcome("log: end", check) == .passed("at instruction 1000, as the header says"))
        let (alone, _) = TraceCheck.log(log, against: nil)
        #expect(alone.isSound && outcome("log: memory", alone) == .skipped("the machine is not known"))
    }

    @Test("entries that do not fit the machine, all of them, each sort once")
    func entries() throws {
        let log = try log { writer in
            // Main memory has 64 KiB.
            for address: UInt64 in [0, 0xfffc, 0xfffd, 0xffff, 0xfee0_0000, 0xffff_fffd, 1 << 32, .max - 1] {
                try writer.append(
                    .skippedCall(.memoryWrite(address: address, hostPointer: 0)),
                    at: 20,
                    data: [1, 2, 3, 4]
                )
            }
            try writer.append(
                .skippedCall(.memoryUnmap(address: 0x10000, hostPointer: 0)),
                at: 30,
                callsite: .ioWrite,
                data: []
            )
            try writer.append(.pendingInterrupts(1), at: 40, callsite: Callsite(rawValue: 18))
            try writer.append(.exception(1), at: 40, callsite: .exceptionIndex)
            try writer.append(.interruptRequest(1), at: 50, callsite: .readTimeStampCounter)
            try writer.append(.interruptRequest(2), at: 60, callsite: .readTimeStampCounter)
            try writer.append(.input4(2), at: 60, callsite: Callsite(rawValue: 200))
        }
        let (check, _) = TraceCheck.log(log, against: head)
        #expect(
            codes(check) == [
                .unknownCallsite, .unknownCallsite, .outsideMemory, .otherProcessor, .otherProcessor,
            ]
        )
        #expect(check.findings.map(\.count) == [2, 1, 5, 1, 1])
        #expect(check.findings.map(\.severity) == [.warning, .warning, .error, .error, .error])
        #expect(check.findings.allSatisfy { $0.offset != nil && $0.entry != nil })
        #expect(check.findings[2].entry == 3 && check.findings[2].message.contains("0xfffd"))
    }

    @Test("an interrupt's number in a machine that is no PC")
    func otherMachine() throws {
        var stream = MemoryStream.plain()
        stream.head.machine = "mac99"
        let log = try log { try $0.append(.input4(3), at: 20, callsite: .interruptNumber) }
        let (check, _) = TraceCheck.log(log, against: try SnapshotHead(bytes: stream.bytes))
        #expect(codes(check) == [.otherProcessor])
        #expect(outcome("log: memory", check) == .skipped("the machine is not known"))
    }

    @Test("a log that was not ended, one that is damaged, and one of a 32-bit host")
    func structure() throws {
        let whole = try log { try $0.append(.interruptRequest(2), at: 20, callsite: .interruptBefore) }
        let bytes = whole.bytes(of: 0..<whole.byteCount)
        let (cut, _) = TraceCheck.log(NondetLog(bytes: Array(bytes.prefix(30))), against: head)
        #expect(codes(cut) == [.notEnded] && cut.findings.first?.offset == 26)
        #expect(cut.findings.first?.entry == 1)

        let headerless = NondetLog(bytes: Bytes.little(UInt64(0)) + bytes.dropFirst(8))
        #expect(codes(TraceCheck.log(headerless, against: head).check) == [.notEnded])

        var damaged = Bytes.little(UInt64(0)) + bytes.dropFirst(8)
        damaged[26 + 8] = 77
        let (check, _) = TraceCheck.log(NondetLog(bytes: damaged), against: head)
        #expect(codes(check) == [TraceFinding.Code(.unknownKind), .notEnded])
        #expect(check.findings.first?.offset == 26 && check.findings.first?.entry == 1)

        let narrow = NondetLog(bytes: try sampleLog(.i386))
        let (other, _) = TraceCheck.log(narrow, against: nil)
        #expect(other.findings.filter { $0.severity == .error }.map(\.code) == [.otherHostLayout])
    }

    @Test("more data than the machine has memory")
    func tooMuch() throws {
        let log = try log {
            try $0.append(
                .skippedCall(.packet(hostPointer: 0, direction: .sent)),
                at: 20,
                data: [UInt8](repeating: 0, count: 0x14000)
            )
        }
        #expect(codes(TraceCheck.log(log, against: head).check) == [TraceFinding.Code(.lengthTooLarge)])
    }

    @Test("files that cannot be opened")
    func missing() {
        let (log, summary) = TraceCheck.log("/nowhere/a-rr-nondet.log", against: nil)
        #expect(codes(log) == [TraceFinding.Code(.cannotOpen)] && summary == nil)
        #expect(codes(TraceCheck.snapshot("/nowhere/a-rr-snp").check) == [TraceFinding.Code(.cannotOpen)])
    }
}
