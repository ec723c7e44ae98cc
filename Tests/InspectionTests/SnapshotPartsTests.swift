import Testing

@testable import Inspection
@testable import Traces

@Suite("Parts of a snapshot")
struct SnapshotPartsTests {
    /// A snapshot of four pages and a device, by hand.
    private static let snapshot: [UInt8] = {
        func big(_ value: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: value.bigEndian, Array.init)
        }
        func name(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }
        let blocks: [(String, UInt64)] = [("pc.ram", 0x3000), ("pc.bios", 0x1000)]
        let machine = "pc-i440fx-2.9"
        let page = [UInt8](repeating: 0x41, count: 4096)
        let footer: [UInt8] = [0x7e] + big(UInt32(2))
        var bytes = big(UInt32(0x5145_564d)) + big(UInt32(3))
        bytes += [0x07] + big(UInt32(machine.utf8.count)) + Array(machine.utf8)
        bytes += [0x01] + big(UInt32(2)) + name("ram") + big(UInt32(0)) + big(UInt32(4))
        bytes += big(UInt64(0x4000 | 0x04))
        for block in blocks { bytes += name(block.0) + big(block.1) }
        bytes += big(UInt64(0x10)) + footer
        bytes += [0x03] + big(UInt32(2))
        bytes += big(UInt64(0x08)) + name("pc.ram") + page
        bytes += big(UInt64(0x1000 | 0x22)) + [0] + big(UInt64(0x2000 | 0x28)) + page
        bytes += big(UInt64(0x02)) + name("pc.bios") + [0xff]
        bytes += big(UInt64(0x10)) + footer
        bytes += [0x04] + big(UInt32(3)) + name("timer") + big(UInt32(0)) + big(UInt32(2)) + [1, 2, 3, 4]
        bytes += [0x7e] + big(UInt32(3))
        return bytes + [0x00]
    }()

    @Test("have the size of the file as their sum, and are named as in it")
    func sum() throws {
        let survey = try SnapshotSurvey(bytes: Self.snapshot)
        let parts = SnapshotParts(survey)
        #expect(
            parts.parts.map(\.name) == [
                "pc.ram", "pc.bios", "places of pages", "timer", "head and description",
            ]
        )
        #expect(saturatingSum(parts.parts.map(\.bytes)) == UInt64(Self.snapshot.count))
        #expect(parts.parts[0].bytes == 2 * 4096 + 1)
        #expect(parts.parts[0].what == "memory: 2 pages with all of their bytes, 1 of one byte all over")
        #expect(parts.parts[1].bytes == 1)
        #expect(parts.note == nil)
    }
}
