import Testing
import Traces

/// The layouts compared with bytes laid out by hand from PANDA's structures.
@Suite("Nondet log: bytes as PANDA writes them")
struct NondetLayoutTests {
    private static let sizes: [HostABI: [SkippedCallKind: Int]] = [
        // Checked by compiling the structures for both hosts.
        .lp64: [
            .memoryWrite: 24, .memoryRegionChange: 40, .memoryUnmap: 24, .hardDriveTransfer: 32,
            .networkTransfer: 32, .packet: 16, .serialReceive: 16, .serialRead: 16, .serialSend: 16,
            .serialWrite: 16, .registerWrite: 24,
        ],
        .i386: [
            .memoryWrite: 16, .memoryRegionChange: 32, .memoryUnmap: 20, .hardDriveTransfer: 24,
            .networkTransfer: 24, .packet: 12, .serialReceive: 12, .serialRead: 16, .serialSend: 12,
            .serialWrite: 16, .registerWrite: 16,
        ],
    ]

    @Test("every structure has its size", arguments: HostABI.allCases)
    func structureSizes(abi: HostABI) throws {
        let sizes = try #require(Self.sizes[abi])
        for entry in readAll(NondetLog(bytes: try sampleLog(abi), abi: abi)).entries {
            guard let call = entry.call else { continue }
            #expect(entry.dataRange.lowerBound - entry.range.lowerBound == 11 + (sizes[call] ?? 0))
        }
    }

    @Test("the members lie where a 64-bit compiler puts them, padding is ignored")
    func handMade64() throws {
        let region =
            [1] + Bytes.little(UInt64(0xa0000)) + Bytes.little(UInt64(0x20000)) + Bytes.little(UInt64(7))
            + Bytes.little(UInt32(3)) + Bytes.little(UInt32(1)) + [1] + [UInt8](repeating: 0xee, count: 7)
            + Array("vga".utf8)
        let disk =
            [3] + Bytes.little(UInt32(4)) + [0xee, 0xee, 0xee, 0xee] + Bytes.little(UInt64(10))
            + Bytes.little(UInt64(20)) + Bytes.little(UInt32(512)) + [0xee, 0xee, 0xee, 0xee]
        let packet =
            [5] + Bytes.little(UInt64(9)) + Bytes.little(UInt32(2)) + [1, 0xee, 0xee, 0xee] + [0xaa, 0xbb]
        let register =
            [10] + Bytes.little(Int32(0)) + [0xee, 0xee, 0xee, 0xee] + Bytes.little(UInt64(9))
            + Bytes.little(Int32(3)) + Bytes.little(Int32(1)) + [0xcc]
        let bytes = rawLog(
            header: 9,
            rawEntry(1, 6, 6, region),
            rawEntry(2, 6, 21, disk),
            rawEntry(3, 6, 29, packet),
            rawEntry(4, 6, 6, register),
            rawEntry(9, 7, 44)
        )
        let log = NondetLog(bytes: bytes)
        let entries = readAll(log).entries
        try #require(entries.count == 5)
        #expect(
            entries[0].payload
                == .skippedCall(
                    .memoryRegionChange(
                        start: 0xa0000,
                        size: 0x20000,
                        hostPointer: 7,
                        kind: .ram,
                        added: true
                    )
                )
        )
        #expect(log.bytes(of: entries[0].dataRange) == Array("vga".utf8))
        #expect(
            entries[1].payload
                == .skippedCall(
                    .hardDriveTransfer(kind: .diskToMemory, source: 10, destination: 20, count: 512)
                )
        )
        #expect(entries[2].payload == .skippedCall(.packet(hostPointer: 9, direction: .sent)))
        #expect(log.bytes(of: entries[2].dataRange) == [0xaa, 0xbb])
        #expect(entries[3].payload == .skippedCall(.registerWrite(cpu: 0, hostPointer: 9, register: 3)))
        #expect(log.bytes(of: entries[3].dataRange) == [0xcc])
        #expect(try log.check().state == .complete)
    }

    @Test("the members lie where a 32-bit x86 compiler puts them")
    func handMade32() throws {
        let region =
            [1] + Bytes.little(UInt64(1)) + Bytes.little(UInt64(2)) + Bytes.little(UInt32(7))
            + Bytes.little(UInt32(1)) + Bytes.little(UInt32(2)) + [0, 0xee, 0xee, 0xee] + [0x61]
        let unmap =
            [2] + Bytes.little(UInt64(5)) + Bytes.little(UInt32(6)) + Bytes.little(UInt64(1)) + [0x62]
        let bytes = rawLog(header: 3, rawEntry(1, 6, 6, region), rawEntry(2, 6, 6, unmap), rawEntry(3, 7, 17))
        let entries = readAll(NondetLog(bytes: bytes, abi: .i386)).entries
        try #require(entries.count == 3)
        #expect(
            entries[0].payload
                == .skippedCall(
                    .memoryRegionChange(start: 1, size: 2, hostPointer: 7, kind: .unknown, added: false)
                )
        )
        #expect(entries[1].payload == .skippedCall(.memoryUnmap(address: 5, hostPointer: 6)))
    }

    @Test("the writer's bytes are those made by hand")
    func writerBytes() throws {
        var writer = NondetLogWriter()
        try writer.append(.input2(0x1234), at: 5, callsite: .ioRead)
        try writer.append(.exception(-2), at: 6, callsite: .exceptionIndex)
        try writer.finish(at: 7)
        let expected = rawLog(
            header: 7,
            rawEntry(5, 1, 4, [0x34, 0x12]),
            rawEntry(6, 9, 20, [0xfe, 0xff, 0xff, 0xff]),
            rawEntry(7, 7, 17)
        )
        #expect(writer.bytes == expected)
    }
}
