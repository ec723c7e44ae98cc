import Testing

@testable import Traces

@Suite("What a log tells at a glance")
struct OverviewTests {
    private func log() throws -> NondetLog {
        var builder = LogBuilder()
        try builder.append(.interruptRequest(2), at: 10, callsite: .interruptBefore)
        try builder.append(.input4(0xec), at: 10, callsite: .interruptNumber)
        try builder.append(
            .skippedCall(
                .hardDriveTransfer(kind: .diskToMemory, source: 1024, destination: 0x3000, count: 4096)
            ),
            at: 20
        )
        try builder.append(
            .skippedCall(
                .hardDriveTransfer(kind: .memoryToDisk, source: 0x3000, destination: 2048, count: 512)
            ),
            at: 30
        )
        try builder.append(
            .skippedCall(.hardDriveTransfer(kind: .bufferToPort, source: 1, destination: 2, count: 999)),
            at: 30
        )
        for byte in Array("hi".utf8) {
            try builder.append(.skippedCall(.serialWrite(fifo: 9, port: 0x3f8, value: byte)), at: 40)
            try builder.append(.skippedCall(.serialSend(fifo: 9, value: byte)), at: 40)
        }
        try builder.append(.skippedCall(.serialRead(fifo: 9, port: 0x2f8, value: 65)), at: 50)
        try builder.send(Frames.ip4(6, from: [1, 1, 1, 1], to: [2, 2, 2, 2], ports: [3, 4]), at: 60)
        try builder.receive([Frames.ip4(6, from: [2, 2, 2, 2], to: [1, 1, 1, 1], ports: [4, 3])], at: 99)
        return try builder.log(endingAt: 100)
    }

    @Test("totals")
    func totals() throws {
        let overview = TraceOverview(of: try log(), slices: 10)
        #expect(overview.interrupts == 1)
        #expect(overview.diskReads == .init(transfers: 1, bytes: 4096))
        #expect(overview.diskWrites == .init(transfers: 1, bytes: 512))
        #expect(overview.serial == [.com1: .init(written: 2, read: 0), .com2: .init(written: 0, read: 1)])
        #expect(overview.sent.frames == 1 && overview.received.frames == 1)
        #expect(overview.flows.flows.count == 1)
    }

    @Test("each entry is in the slice of its instruction, and all are in one")
    func slices() throws {
        let overview = TraceOverview(of: try log(), slices: 10)
        let activity = overview.activity
        #expect(activity.slices.map(\.entries.total).reduce(0, +) == overview.summary.total.entries)
        #expect(activity.slices[1].interrupts == 1 && activity.slices[1].entries[.interrupt] == 2)
        #expect(activity.slices[2].diskRead == 4096 && activity.slices[3].diskWritten == 512)
        #expect(activity.slices[6].sent.frames == 1 && activity.slices[9].received.frames == 1)
        #expect((0...10).map { activity.start(of: $0) } == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
    }

    @Test("a log that was cut is looked at up to there")
    func cut() throws {
        let whole = try log()
        let bytes = whole.bytes(of: 0..<whole.byteCount - 13)
        let overview = TraceOverview(of: NondetLog(bytes: bytes), slices: 3)
        #expect(overview.received.frames == 1, "its last descriptor is missing, not the frame")
        guard case .notEnded = overview.summary.state else {
            Issue.record("\(overview.summary.state)")
            return
        }
    }

    @Test("disk transfers say where and how much")
    func disk() throws {
        var transfers: [DiskTransfer] = []
        try log().readSound { entry in if let transfer = DiskTransfer(entry) { transfers.append(transfer) } }
        #expect(transfers.map(\.sector) == [2, 4] && transfers.map(\.memoryAddress) == [0x3000, 0x3000])
    }

    @Test("every entry of every kind has a category", arguments: HostABI.allCases)
    func categories(abi: HostABI) throws {
        let overview = TraceOverview(of: NondetLog(bytes: try sampleLog(abi), abi: abi), slices: 4)
        #expect(overview.activity.slices.map(\.entries.total).reduce(0, +) == everyPayload.count + 1)
    }

    @Test("a log of a 32-bit host is recognised by its being whole that way alone")
    func layout() throws {
        let narrow = NondetLog(bytes: try sampleLog(.i386))
        let found = try #require(narrow.inOtherLayout())
        #expect(found.abi == .i386 && TraceOverview(of: found).summary.state == .complete)
        #expect(NondetLog(bytes: try sampleLog(.lp64)).inOtherLayout() == nil)
        #expect(NondetLog(bytes: [1, 2, 3]).inOtherLayout() == nil)
    }
}
