import Foundation
import Testing
import Traces

@Suite("Snapshot head")
struct SnapshotHeadTests {
    @Test("machine, blocks and sizes are read")
    func wholeStream() throws {
        let stream = SnapshotStream()
        let head = try SnapshotHead(bytes: stream.bytes)
        #expect(head.streamVersion == 3)
        #expect(head.machine == "pc-i440fx-2.9")
        #expect(head.targetPageBits == nil)
        #expect(head.ramBlocks.map(\.name) == stream.blocks.map(\.name))
        #expect(head.ramBlocks.map(\.bytes) == stream.blocks.map(\.bytes))
        #expect(head.totalRAMBytes == stream.blocks.reduce(0) { $0 + $1.bytes })
        #expect(head.machineRAMBytes == 128 << 20)
        #expect(head.hasSectionFooters)
        #expect(head.headBytes == stream.head.count)
        #expect(head.byteCount == stream.bytes.count)
        #expect(head.ending == .described(bytes: stream.description?.utf8.count ?? 0))
        #expect(!head.isCut)
    }

    @Test("a guest with variable page size says which")
    func pageBits() throws {
        var stream = SnapshotStream()
        stream.machine = "virt-2.9"
        stream.pageBits = 12
        stream.blocks = [("mach-virt.ram", 1 << 30), ("virt.flash0", 64 << 20)]
        let head = try SnapshotHead(bytes: stream.bytes)
        #expect(head.targetPageBits == 12)
        #expect(head.machine == "virt-2.9")
        #expect(head.machineRAMBytes == 1 << 30)
        #expect(head.ending != .cut)
    }

    @Test("the oldest machine types have no name, footers or description")
    func oldest() throws {
        var stream = SnapshotStream()
        stream.machine = nil
        stream.hasFooters = false
        stream.description = nil
        let head = try SnapshotHead(bytes: stream.bytes)
        #expect(head.machine == nil)
        #expect(!head.hasSectionFooters)
        #expect(head.ending == .unconfirmed)
    }

    @Test("a stream without description ends with a footer and the marker")
    func undescribed() throws {
        var stream = SnapshotStream()
        stream.description = nil
        #expect(try SnapshotHead(bytes: stream.bytes).ending == .undescribed)
    }

    @Test("memory given as objects, or by a name not known")
    func memoryNames() throws {
        var stream = SnapshotStream()
        stream.blocks = [("/objects/mem0", 1 << 20), ("/objects/mem1", 2 << 20), ("vga.vram", 16 << 20)]
        #expect(try SnapshotHead(bytes: stream.bytes).machineRAMBytes == 3 << 20)
        stream.blocks = [("flash", 1 << 20), ("sdram", 8 << 20)]
        #expect(try SnapshotHead(bytes: stream.bytes).machineRAMBytes == 8 << 20)
    }

    @Test("cut anywhere, it is refused or its end is missing")
    func everyOffset() throws {
        let stream = SnapshotStream()
        let bytes = stream.bytes
        let marker = bytes.count - (stream.description?.utf8.count ?? 0) - 5
        for cut in 0..<bytes.count {
            let head = try? SnapshotHead(bytes: Array(bytes[..<cut]))
            if cut < stream.head.count - 5 {
                #expect(head == nil, "cut at \(cut)")
            } else if cut == marker {
                // All that a replay needs is there.
                #expect(head?.ending == .undescribed)
            } else if let head {
                #expect(head.isCut, "cut at \(cut)")
            }
        }
    }

    @Test("only the two ends of a large file are read")
    func largeFile() throws {
        let stream = SnapshotStream()
        try withScratchFolder { folder in
            let file = folder.appending(path: "a-rr-snp")
            #expect(FileManager.default.createFile(atPath: file.path, contents: Data(stream.head)))
            let handle = try FileHandle(forWritingTo: file)
            // A sparse file: three gigabytes that take no room.
            try handle.seek(toOffset: 3 << 30)
            try handle.write(contentsOf: stream.bytes.suffix(200))
            try handle.close()
            let head = try SnapshotHead(path: file.path)
            #expect(head.byteCount == 3 << 30 + 200)
            #expect(head.totalRAMBytes == stream.blocks.reduce(0) { $0 + $1.bytes })
            #expect(!head.isCut)
        }
    }
}
