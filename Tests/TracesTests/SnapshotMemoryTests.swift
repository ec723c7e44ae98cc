import Foundation
import Testing

@testable import Traces

@Suite("Snapshot memory")
struct SnapshotMemoryTests {
    /// A page whose bytes count up.
    private var ramp: [UInt8] { (0..<4096).map { UInt8(0x40 + $0 % 61) } }

    @Test("stored and filled pages of the main block are read")
    func pages() throws {
        let stream = MemoryStream.plain { $0[4] = .stored("pc.ram", 0x2000, ramp) }
        let memory = try SnapshotMemory(bytes: stream.bytes)
        #expect(memory.block == RAMBlock(name: "pc.ram", bytes: 0x10000))
        #expect(memory.bytes(4096, at: 0x2000) == ramp)
        #expect(memory.bytes(3, at: 0x3000) == [3, 3, 3])
        #expect(memory.bytes(4, at: 0x2ffe) == [ramp[4094], ramp[4095], 3, 3])
        #expect(memory.bytes(0, at: 0) == [])
        #expect(memory.ranges == [0..<0x10000])
    }

    @Test("what is not in main memory is not read")
    func outside() throws {
        let memory = try SnapshotMemory(bytes: MemoryStream.plain().bytes)
        #expect(memory.bytes(1, at: 0xffff) == [15])
        #expect(memory.bytes(2, at: 0xffff) == nil)
        #expect(memory.bytes(1, at: 0x10000) == nil)
        #expect(memory.bytes(1, at: .max) == nil)
        #expect(memory.bytes(8, at: .max - 3) == nil)
        #expect(memory.bytes(.max, at: 0) == nil)
        #expect(memory.bytes(-1, at: 0) == nil)
    }

    @Test("a block's name holds for the pages that follow, in later sections, too")
    func names() throws {
        let whole = MemoryStream.plain()
        var split = whole
        split.sections = [Array(whole.sections[0].prefix(7)), Array(whole.sections[0].dropFirst(7))]
        var named = split
        named.leavesOutNames = false
        for stream in [split, named] {
            let memory = try SnapshotMemory(bytes: stream.bytes)
            for page in 0..<16 { #expect(memory.bytes(1, at: UInt64(page) << 12) == [UInt8(page)]) }
        }
        #expect(split.bytes.count < named.bytes.count)
    }

    @Test("a page that comes again counts as it came last")
    func again() throws {
        var stream = MemoryStream.plain()
        stream.sections.append([.filled("pc.ram", 0x3000, 0x77), .filled("vga.vram", 0, 0x78)])
        let memory = try SnapshotMemory(bytes: stream.bytes)
        #expect(memory.bytes(2, at: 0x3fff) == [0x77, 4])
    }

    @Test("a page that the stream lacks is not read and not found in")
    func missing() throws {
        let memory = try SnapshotMemory(bytes: MemoryStream.plain { $0.remove(at: 5) }.bytes)
        #expect(memory.bytes(1, at: 0x3000) == nil)
        #expect(memory.bytes(2, at: 0x2fff) == nil)
        #expect(memory.bytes(1, at: 0x4000) == [4])
        #expect(memory.addresses(of: [2, 3]) == [])
        #expect(memory.addresses(of: [3, 4]) == [])
    }

    @Test("streams of the oldest machines, and files, are read alike")
    func oldest() throws {
        var stream = MemoryStream.plain()
        stream.head.machine = nil
        stream.head.hasFooters = false
        try withScratchFolder { folder in
            let file = folder.appending(path: "a-rr-snp")
            try Data(stream.bytes).write(to: file)
            let memory = try SnapshotMemory(path: file.path)
            #expect(memory.bytes(1, at: 0x9000) == [9])
            let link = folder.appending(path: "b-rr-snp")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
            let error = #expect(throws: TraceFormatError.self) { try SnapshotMemory(path: link.path) }
            #expect(error?.code == .cannotOpen)
        }
    }

    @Test("bytes are found in pages and across their borders")
    func search() throws {
        var first = ramp
        first.replaceSubrange(4093..<4096, with: [0xf1, 0xf2, 0xf3])
        var second = ramp
        second.replaceSubrange(0..<2, with: [0xf4, 0xf5])
        second.replaceSubrange(1000..<1005, with: [0xf1, 0xf2, 0xf3, 0xf4, 0xf5])
        let stream = MemoryStream.plain { pages in
            pages[6] = .stored("pc.ram", 0x4000, first)
            pages[7] = .stored("pc.ram", 0x5000, second)
        }
        let memory = try SnapshotMemory(bytes: stream.bytes)
        let wanted: [UInt8] = [0xf1, 0xf2, 0xf3, 0xf4, 0xf5]
        #expect(memory.addresses(of: wanted) == [0x4ffd, 0x53e8])
        #expect(memory.addresses(of: wanted, limit: 1) == [0x4ffd])
        #expect(memory.addresses(of: wanted, limit: 0) == [])
        #expect(memory.addresses(of: [3, 3, 0x40, 0x41]) == [0x3ffe], "from a filled page into a stored one")
        #expect(memory.addresses(of: [14, 15]) == [0xefff], "from a filled page into a filled one")
        #expect(memory.addresses(of: [7], limit: .max).count == 4096)
        #expect(memory.addresses(of: []) == [])
        #expect(memory.addresses(of: [0xee]) == [], "other blocks are not looked in")
        #expect(memory.addresses(of: [UInt8](repeating: 9, count: 4096)) == [0x9000])
        #expect(memory.addresses(of: [UInt8](repeating: 9, count: 4097)) == [])
    }

    @Test("a search finds what a slow one finds")
    func searchAgrees() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<12 {
            // Few values, so that there is much to find.
            let stream = MemoryStream.plain { pages in
                for page in 2..<18 where Bool.random(using: &random) {
                    let bytes = (0..<4096).map { _ in UInt8.random(in: 0...1, using: &random) }
                    pages[page] = .stored("pc.ram", UInt64(page - 2) << 12, bytes)
                }
            }
            let memory = try SnapshotMemory(bytes: stream.bytes)
            let all = try #require(memory.bytes(0x10000, at: 0))
            let count = Int.random(in: 8...30, using: &random)
            let start = Int.random(in: 0..<all.count - count, using: &random)
            let wanted = Array(all[start..<start + count])
            var expected: [UInt64] = []
            var rest = all[...]
            while let range = rest.firstRange(of: wanted), expected.count < 100 {
                expected.append(UInt64(range.lowerBound))
                rest = all[(range.lowerBound + 1)...]
            }
            #expect(memory.addresses(of: wanted, limit: 100) == expected)
        }
    }

    @Test(
        "a PC's memory has a hole below 4 GiB, if it is large",
        arguments: [
            ("pc-i440fx-2.9", 0x8000_0000, 0x8000_0000), ("pc-i440fx-2.9", 0x1_0000_0000, 0xc000_0000),
            ("pc-i440fx-2.9", 0xe000_0000, 0xc000_0000), ("pc-i440fx-2.9", 0xdff0_0000, 0xdff0_0000),
            ("pc-q35-2.9", 0xb000_0000, 0x8000_0000), ("virt-2.9", 0x1_0000_0000, 0x1_0000_0000),
        ] as [(String, UInt64, UInt64)]
    )
    func hole(machine: String, bytes: UInt64, below: UInt64) {
        let layout = SnapshotMemory.Layout(machine: machine, bytes: bytes)
        #expect(layout.bytesBelow4GiB == below)
        #expect(layout.bytesAbove4GiB == bytes - below)
        #expect(layout.ranges.reduce(0) { $0 + UInt64($1.count) } == bytes)
        for address in [0, 0x1000, below - 1] { #expect(layout.offset(of: address) == Int(address)) }
        #expect(below >= 1 << 32 || layout.offset(of: below) == nil)
        if layout.bytesAbove4GiB > 0 {
            #expect(layout.offset(of: 1 << 32) == Int(below))
            #expect(layout.address(of: Int(below)) == 1 << 32)
            #expect(layout.address(of: Int(bytes - 1)) == 1 << 32 + layout.bytesAbove4GiB - 1)
        }
        #expect(layout.offset(of: 1 << 32 + layout.bytesAbove4GiB) == nil)
    }
}
