import Traces

/// A payload of every kind and call, with data where they may have some.
let everyPayload: [(payload: NondetPayload, data: [UInt8])] = [
    (.input1(0x11), []),
    (.input2(0x2222), []),
    (.input4(0x4444_4444), []),
    (.input8(0x8888_8888_8888_8888), []),
    (.interruptRequest(-2), []),
    (.exitRequest(0x55), []),
    (.pendingInterrupts(0x8000_0001), []),
    (.exception(-1), []),
    (.skippedCall(.memoryWrite(address: 0xfee0_0000, hostPointer: 0x7fff_1234)), [1, 2, 3]),
    (.skippedCall(.memoryWrite(address: 1, hostPointer: 2)), []),
    (
        .skippedCall(
            .memoryRegionChange(start: 0xa0000, size: 0x20000, hostPointer: 3, kind: .ram, added: true)
        ),
        Array("vga.vram".utf8)
    ),
    (.skippedCall(.memoryUnmap(address: 0x1000, hostPointer: 4)), [UInt8](repeating: 9, count: 40)),
    (
        .skippedCall(
            .hardDriveTransfer(kind: .diskToMemory, source: 1 << 40, destination: 0x2000, count: 512)
        ),
        []
    ),
    (
        .skippedCall(.networkTransfer(kind: .bufferToMemory, source: 5, destination: 0x3000, count: 60)), []
    ),
    (.skippedCall(.packet(hostPointer: 6, direction: .sent)), [UInt8](repeating: 0xff, count: 60)),
    (.skippedCall(.serialReceive(fifo: 7, value: 65)), []),
    (.skippedCall(.serialRead(fifo: 8, port: 0x3f8, value: 66)), []),
    (.skippedCall(.serialSend(fifo: 9, value: 67)), []),
    (.skippedCall(.serialWrite(fifo: 10, port: 0x2f8, value: 68)), []),
    (.skippedCall(.registerWrite(cpu: -1, hostPointer: 11, register: 16)), [1, 2, 3, 4, 5, 6, 7, 8]),
]

/// The instruction count of the sample with that number.
func sampleCount(_ index: Int) -> UInt64 {
    UInt64(index) * 1000
}

/// A log of all samples, not ended.
func sampleWriter(_ abi: HostABI = .lp64) throws -> NondetLogWriter {
    var writer = NondetLogWriter(abi: abi)
    for (index, sample) in everyPayload.enumerated() {
        try writer.append(
            sample.payload,
            at: sampleCount(index),
            callsite: Callsite(rawValue: UInt8(index)),
            data: sample.data
        )
    }
    return writer
}

/// A complete log of all samples.
func sampleLog(_ abi: HostABI = .lp64) throws -> [UInt8] {
    var writer = try sampleWriter(abi)
    try writer.finish(at: sampleCount(everyPayload.count))
    return writer.bytes
}

/// All entries up to the end or the first error.
func readAll(
    _ log: NondetLog,
    limits: NondetLogLimits = NondetLogLimits()
) -> (entries: [NondetEntry], error: TraceFormatError?) {
    var reader = log.makeReader(limits: limits)
    var entries: [NondetEntry] = []
    do throws(TraceFormatError) {
        while let entry = try reader.next() { entries.append(entry) }
        return (entries, nil)
    } catch {
        return (entries, error)
    }
}
