import Testing

@testable import Traces

@Suite("Devices of a snapshot")
struct SnapshotDevicesTests {
    private func section(_ number: UInt32, _ name: String, _ instance: UInt32 = 0, version: UInt32 = 3)
        -> [UInt8]
    {
        [0x04] + Bytes.big(number) + [UInt8(name.utf8.count)] + Array(name.utf8) + Bytes.big(instance)
            + Bytes.big(version) + [1, 2, 3, 4, 0x04, 0, 0, 0x7e] + Bytes.big(number)
    }

    @Test("are found by the beginnings of their sections, in their order")
    func found() {
        let bytes =
            [UInt8](repeating: 0xc3, count: 100) + section(3, "timer") + section(21, "serial")
            + section(22, "serial", 1)
            + section(34, "0000:00:03.0/e1000") + [0]
        let devices = SnapshotDevices(tail: bytes).devices
        #expect(devices.map(\.name) == ["timer", "serial", "serial", "0000:00:03.0/e1000"])
        #expect(devices.map(\.instance) == [0, 0, 1, 0])
        #expect(SnapshotDevices(tail: SnapshotStream().bytes).devices.map(\.name) == ["timer"])
    }

    @Test("are not what looks like one by chance: a number that goes back, a name or version that cannot be")
    func chance() {
        let bytes =
            section(5, "timer") + section(4, "serial") + section(6, "a\u{7}bc")
            + section(7, "usb", version: 9999)
            + section(8, "rtc", 5000) + section(9_000_000, "late") + section(9, "fdc")
        #expect(SnapshotDevices(tail: bytes).devices.map(\.name) == ["timer", "fdc"])
    }

    @Test("are looked for in any bytes without a fault")
    func damage() {
        var generator = SplitMix64(seed: 3)
        let whole = section(3, "timer") + section(4, "serial")
        for length in 0...whole.count { _ = SnapshotDevices(tail: Array(whole.prefix(length))) }
        for _ in 0..<500 {
            var bytes = whole
            bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
                in: 0...255,
                using: &generator
            )
            #expect(SnapshotDevices(tail: bytes).devices.count <= 2)
        }
    }
}
